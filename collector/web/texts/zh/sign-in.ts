import type { signIn as en } from '../en/sign-in.js';

export const signIn: typeof en = {
  title: '登录',
  lead: '请使用此收集器的令牌。令牌会换成此浏览器中 12 小时的会话，不会保存在其他任何地方。',
  token: '令牌',
  act: '登录',
  where: '首个管理员令牌位于收集器数据文件夹的 admin-token 文件中。创建更多令牌：',
  wrongToken: '此令牌未知、已被撤销或已过期。请向管理员索取新的令牌。',
  tooMany: '来自此处的错误令牌过多。请等待一分钟后重试。',
};
