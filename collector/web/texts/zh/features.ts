import type { features as en } from '../en/features.js';

export const features: typeof en = {
  lead: (project) => `${project} 上报的事件和字段。按人计数：一个人构建一百次也只算一人。`,
  count: '计数',
  units: { people: '人数', reports: '报告数' },

  events: '事件',
  unitPeople: (days, to, total) =>
    days === 1
      ? `${to}当天的人数；占 ${total} 人的比例`
      : `截至 ${to}的 ${days} 天内的人数；占 ${total} 人的比例`,
  unitReports: (days, to, total) =>
    days === 1
      ? `${to}当天的报告数；占 ${total} 份的比例`
      : `截至 ${to}的 ${days} 天内的报告数；占 ${total} 份的比例`,
  event: '事件',
  reports: '报告数',
  each: '人均',
  trend: (weeks) => `${weeks} 周`,
  fewer: (below) => `少于 ${below}`,
  noEvents: '这段时间没有上报任何事件。调用客户端的 track() 即可上报。',
  more: (count) => `另有 ${count} 个事件`,

  fields: (count) => `${count} 个字段`,
  ofPeople: (days, event) => `${days} 天内上报过 ${event} 的人`,
  ofReports: (days, event) => `${days} 天内 ${event} 的报告`,
  kinds: {
    enum: (allowed) => `${allowed} 个词之一`,
    boolean: '是或否',
    bucket: (allowed) => `数字，${allowed} 个区间之一`,
    semver: '版本号',
    count: '数字',
  },
  byReports: '按报告计',
  noValues: '这段时间没有人上报过。',

  silent: '沉默',
  silentUnit: '以前有过，现在不再上报',
  lastOn: (date) => ` 最近一次上报是在${date}`,
  without: (days, usual) => `，已有 ${days} 天没有${usual}。`,
  usual: (days) => (days === 0 ? '' : `，以前最多 ${days} 天`),
  gone: ' 不再上报。',

  unused: '从未使用',
  unusedUnit: (days) => `清单中已声明，${days} 天内没有上报`,
};
