import type { problem as en } from '../en/problem.js';

export const problem: typeof en = {
  title: {
    'not-found': '这里什么也没有',
    'token-required': '此内容不公开',
    'wrong-level': '您的令牌无权查看',
    'too-many': '请求过多',
    busy: '收集器正忙',
    failed: '无法生成此页面',
    'disk-full': '磁盘已满',
    'too-costly': '查询范围过大',
    'wrong-address': '页面地址无效',
    'form-old': '表单已失效',
    'foreign-form': '表单并非来自本页面',
    'wrong-form': '无法接受此表单',
  },
  lead: {
    'not-found': '该页面或项目不存在，或对您隐藏。',
    'token-required': '请使用有权查看的令牌登录。',
    'wrong-level': '请使用级别更高的令牌登录。',
    'too-many': '请等待一分钟后重新加载页面。',
    busy: '请在几秒后重新加载页面。',
    failed: '请重新加载页面；收集器的日志中有更多信息。',
    'disk-full': '未做任何更改。请在收集器的磁盘上腾出空间后重试。',
    'too-costly': '请缩短日期范围，或减少取值。',
    'wrong-address': '请从项目列表打开页面。',
    'form-old': '未做任何更改。页面加载后您已退出或重新登录：请返回，从页面上重新提交。',
    'foreign-form': '未做任何更改。请返回，从页面本身提交表单。',
    'wrong-form': '未做任何更改。请返回并更正所填内容。',
  },
  back: '全部项目',
  backToForm: '返回表单',
};
