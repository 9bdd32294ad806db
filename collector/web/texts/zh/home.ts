import type { home as en } from '../en/home.js';

export const home: typeof en = {
  title: '项目',
  lead: '每个项目统计一个程序的使用人数。',
  nothing: '这里没有您可以查看的内容。使用令牌登录可查看更多。',
  project: '项目',
  month: '28 天',
  lastReport: '最近一次上报',
  compared: '人数。7 天与 28 天均截至昨天，并与一周前截止的同样天数相比。',
  hidden: '不对您显示',
};
