import type { charts as en } from '../en/charts.js';

export const charts: typeof en = {
  table: '表格',
  tableOf: (chart) => `表格：${chart}`,
  csv: 'CSV',
  link: '此视图的链接',

  fewerThan: (least) => `少于 ${least}`,
  unknown: '未知',
  notShown: '人数过少或未知',
  nothing: '此范围内没有数据',
  nobody: '此范围内没有人上报。',
  and: (sentences) => sentences.join(''),

  day: '日期',
  people: '人数',
  share: '占比',
  change: '变化',
  note: '备注',
  value: '取值',

  active: '活跃',
  activeKey: '活跃',
  expected: '预测',
  low: '区间下限',
  high: '区间上限',
  compared: '对比',
  comparedKey: '对比',
  forecastKey: '预测，95% 区间',
  dayNotOver: '当天尚未结束',
  outsideBand: '超出区间',
  releaseKey: '发布',
  released: (versions) => `发布 ${versions}`,
  dayAhead: '预测',
  daySentence: ({ days, first, last, least, most }) =>
    `每日活跃人数，${first}至${last}共 ${days} 天，介于 ${least} 与 ${most} 之间。`,
  dayFlags: (days) => `超出区间：${days}。`,
  dayRuns: (people) => `今天到目前为止：${people}。`,

  periods: {
    day: { from: '日期', notOver: '当天尚未结束' },
    week: { from: '周（起始日）', notOver: '本周未结束' },
    month: { from: '月（起始日）', notOver: '本月未结束' },
  },
  new: '新增',
  newKey: '新增',
  cameBack: '回归',
  cameBackKey: '回归',
  lost: '流失',
  lostKey: '流失',
  growthSentence: ({ from, active, change }) =>
    `新增、回归与流失的人数。${from}：活跃 ${active} 人，${change}。`,

  other: '其他',
  sharesSentence: ({ first, last, shares }) =>
    `${first}至${last}各版本的占比。最后一天：${shares}。`,
  named: (name, figure) => `${name} ${figure}`,

  oldestSupported: '最旧的受支持版本',
  leftBehind: '使用更旧版本',
  andNewer: (version) => `${version} 及更新版本`,
  supportSentence: ({ version, share, left, unknown }) =>
    unknown === undefined
      ? ['支持 ', `${version} 及更新版本`, '：覆盖 ', share, ` 的人，另有 ${left} 人不再受支持。`]
      : [
          '至少 ',
          share,
          ' 的人使用 ',
          `${version} 及更新版本`,
          `，${left} 人使用更旧版本；`,
          unknown,
          ' 人未知（“其他”版本或无版本）。',
        ],
  supportName: '最旧的受支持版本',
  supportLabel: '使用各版本或更新版本的人数占比',

  cohort: { week: '周（起始日）', month: '月（起始日）' },
  periodsAfter: { week: '首次使用后的周数', month: '首次使用后的月数' },
  rampUnder: (share) => `低于 ${share}`,
  rampFrom: (share) => `${share} 及以上`,
  firstPeriod: '首次',
  soFar: (share, notOver) => `${share}，${notOver}`,
  notCompared: (notOver) => `${notOver}：不作比较`,
  curvesSentence: ({ periods, last, shares }) => `再次活跃的占比。${periods} ${last}：${shares}。`,

  daysSinceRelease: '发布后天数',
  toHalf: (version, days) => `${version}：${days} 天`,
  adoptionSentence: (names) => `${names} 发布后每天在活跃人数中的占比。`,

  time: '时间',
  timeSentence: ({ name, least, most, last }) =>
    `${name}：介于 ${least} 与 ${most} 之间，当前 ${last}。`,
  threshold: (text) => `上限 ${text}`,

  histogramSentence: ({ name, bars }) => `${name}：${bars}。`,
  bar: '条形',
};
