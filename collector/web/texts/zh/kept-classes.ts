import type { keptClasses as en } from '../en/kept-classes.js';

const untilFolder = '直到您删除数据目录';

export const keptClasses: typeof en = {
  users: { name: '使用者', what: '每人一行，以带密钥的哈希保存' },
  activity: { name: '活跃记录', what: '每人哪些天活跃，当天运行了什么' },
  rollups: { name: '每日计数', what: '只有数字，不涉及任何人' },
  totals: { name: '总计', what: '总和，以及项目和取值的名称', until: untilFolder },
  quality: { name: '质量', what: '每天接受、修正和拒绝的数量' },
  hours: { name: '每小时', what: '每小时收到多少报告', until: '直到之后又有 30 天的报告' },
  keys: { name: '报告编号', what: '避免重复计数' },
  tombstones: { name: '删除记录', what: '避免迟到的报告使删除失效' },
  snapshots: { name: '副本', what: '升级前的数据库副本' },
  access: { name: '请求日志', what: '按路由记录，不含个人和地址' },
  error: { name: '错误日志', what: '警告和错误，不含个人和地址' },
  performance: { name: '性能', what: '请求耗时和繁忙程度' },
  cleaned: { name: '已剔除的数据', what: '由清理剔除', until: '直到恢复，或满 7 天' },
  journal: { name: '日志队列', what: '尚未计数的报告', until: '直到计数完成' },
  erasures: { name: '删除清单', what: '避免恢复备份使删除失效', until: '与删除记录和备份一样久' },
  published: { name: '公开过的数据', what: '上次公开的分组', until: '直到被次日的数据取代' },
  settings: { name: '设置', what: '项目设置和清单', until: '直到您更改' },
  pepper: { name: '哈希密钥', what: '用于使用者的哈希', until: untilFolder },
  state: { name: '状态', what: '收集器自身的记录', until: untilFolder },
};
