import type { versions as en } from '../en/versions.js';

export const versions: typeof en = {
  lead: '大家最近一次使用的版本。',
  leadHalf: (version, days) => `${version} 用了 ${days} 天达到一半的人。`,
  leadNotHalf: (version, share) => `${version} 已达到 ${share} 的人。`,
  grouping: '分组方式',
  groupings: { major: '主版本', minor: '次版本', patch: '修订版本' },

  byDay: '每日占比',
  byDayUnit: '占当天人数的比例；最新版本在最下方，每条边界表示“该版本及更新版本”',
  merged: (below) => `某版本当天不足 ${below} 人时，计入“其他”。`,

  support: '支持到哪个版本？',
  supportUnit: (days) => `支持线，截至现在 ${days} 天内，按最近使用的版本`,
  tooMany: '人数过多，无法逐一查看最近使用的版本。下表统计用过该版本的所有人。',
  choose: '支持的最旧版本',
  show: '显示',

  adoption: '采用速度',
  adoptionUnit: '使用该版本或更新版本的人数占比，按首次出现后的天数；圆圈：达到一半',
  noAdoption: '这段时间没有新版本。更长的范围会显示更多。',

  all: '全部版本',
  allUnit: (count, days) => `截至现在 ${days} 天内见到 ${count} 个`,
  version: '版本',
  people: (days) => `${days} 天人数`,
  firstSeen: '首次出现',
  daysToHalf: '达到 50% 的天数',
  halfLife: '半衰期',
  days: (count) => `${count} 天`,
  ended: '已停止支持',
  supportState: '支持',
  supported: '支持中',
  fromHere: '该版本及更新',
  more: (count) => `另有 ${count} 个版本`,
  other: (count) => `“其他”中有 ${count} 个`,
  find: '查找版本',
  findLabel: '版本号的一部分',
  found: (count, text) => `${count} 个含“${text}”`,
  notFound: (text) => `这些天没有含“${text}”的版本。`,
  showAll: '全部版本',
  nobody: '28 天内没有人上报。',
};
