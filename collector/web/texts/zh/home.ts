import type { home as en } from '../en/home.js';

export const home: typeof en = {
  title: '项目',
  lead: '每个项目统计一个程序的使用人数。',
  nothing: '这里没有您可以查看的内容。使用令牌登录可查看更多。',
  project: '项目',
  people: '截至昨天 28 天内的人数',
  hidden: '不对您显示',
  signIn: {
    title: '登录',
    lead: '请使用此收集器的令牌。令牌会换成此浏览器中 12 小时的会话，不会保存在其他任何地方。',
    token: '令牌',
    act: '登录',
    where: '首个管理员令牌位于收集器数据文件夹的 admin-token 文件中。创建更多令牌：',
    wrongToken: '此令牌未知、已被撤销或已过期。请向管理员索取新的令牌。',
    tooMany: '来自此处的错误令牌过多。请等待一分钟后重试。',
  },
  problem: {
    title: {
      'not-found': '这里什么也没有',
      'token-required': '此内容不公开',
      'wrong-level': '您的令牌无权查看',
      'too-many': '请求过多',
      busy: '收集器正忙',
      failed: '无法生成此页面',
    },
    lead: {
      'not-found': '该页面或项目不存在，或对您隐藏。',
      'token-required': '请使用有权查看的令牌登录。',
      'wrong-level': '请使用级别更高的令牌登录。',
      'too-many': '请等待一分钟后重新加载页面。',
      busy: '请在几秒后重新加载页面。',
      failed: '请重新加载页面；收集器的日志中有更多信息。',
    },
    back: '全部项目',
  },
};
