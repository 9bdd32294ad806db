import type { retention as en } from '../en/retention.js';

export const retention: typeof en = {
  title: '留存',
  lead: {
    week: '某一周首次出现的人中，有多少人再次使用。',
    month: '某一月首次出现的人中，有多少人再次使用。',
  },
  later: {
    week: (weeks, share) => `${weeks} 周后：${share}。`,
    month: (months, share) => `${months} 个月后：${share}。`,
  },
  interval: '周期',
  intervals: { week: '周', month: '月' },
  cohorts: '按首次出现的时间',
  cohortsUnit: {
    week: '按首次出现的周；此后每周仍活跃的比例',
    month: '按首次出现的月；此后每月仍活跃的比例',
  },
  curve: '曲线',
  curveUnit: '各批合计，按人数加权；仅含完整周期',
  all: '全部',
  earlier: '较早',
  recent: '较晚',
  curveUnitOfHalves: (from) =>
    `各批合计，按人数加权；仅含完整周期。较早：${from} 前首次出现；较晚：此后`,
};
