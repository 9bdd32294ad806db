import { hydrate } from 'preact';
import { DOCUMENT_PAGES } from '../page/document-pages.js';
import type { Page } from '../page/page.js';
import { App } from './app.js';
import { startChartCursor } from './chart-cursor.js';
import { startCopying } from './copy.js';

const root = document.getElementById('root');
const data = document.getElementById('page')?.textContent;

if (root !== null && data !== undefined && data !== null) {
  document.documentElement.dataset['script'] = '';
  // The server has written it; the type is that of the same build.
  const page = JSON.parse(data) as Page;
  if (!DOCUMENT_PAGES.includes(page.content.page)) hydrate(<App first={page} />, root);
  startChartCursor();
  startCopying();
}
