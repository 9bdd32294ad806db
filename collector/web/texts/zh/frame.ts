import type { frame as en } from '../en/frame.js';

export const frame: typeof en = {
  mark: 'headcount',
  pages: {
    overview: '概览',
    versions: '版本',
    systems: '系统',
    features: '功能',
    retention: '留存',
    live: '实时',
    quality: '质量',
    system: '运行状况',
    settings: '设置',
  },
  levels: {
    public: '公开',
    restricted: '受限',
    developer: '开发者',
    administrator: '管理员',
  },
  signIn: '登录',
  signOut: '退出',
  otherLanguage: 'English',
  theme: '浅色或深色',
  invented: '虚构数据',
  skip: '跳到正文',
  navigation: '页面',
  asOf: (moment, zone) => `本页所有数字均取自同一时刻：${moment}。日期按 ${zone} 时区计算。`,
  publicPage: '公开页面',
  yourData: '您的数据',
  api: 'API',
  product: (version) => `Headcount ${version}`,
  unreachable: '收集器没有响应。',
  unreachableSince: (time) =>
    `当前显示的是 ${time} 的数据。页面会自动重试；若持续如此，请检查服务器或网络。`,
  retry: '立即重试',
  loading: '正在加载',
};
