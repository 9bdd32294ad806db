import type { charts as en } from '../en/charts.js';

export const charts: typeof en = {
  table: '表格',
  csv: 'CSV',
  link: '此视图的链接',
};
