import type { range as en } from '../en/range.js';

export const range: typeof en = {
  name: '范围',
  ranges: {
    '7d': '7 天',
    '28d': '28 天',
    '90d': '90 天',
    '12m': '12 个月',
    custom: '自定义',
  },
  span: (from, to) => `${from}至${to}`,
  from: '第一天',
  to: '最后一天',
  show: '显示',
  compare: '对比：',
  comparisons: {
    weekdays: '此前相同的星期几',
    year: '一年前',
    none: '不对比',
  },
  zones: '时间按时区显示',
  zoneOfDays: (zone) => `${zone}（日期按此时区）`,
  asOf: (time, zone) => `截至 ${time}，${zone}`,
};
