import type { Content } from './content.js';

/**
 * The pages that are documents and nothing else: forms and texts that no script changes. The script in
 * the browser does not contain them (build/build-web.mjs), so it leaves them as the server made them.
 */
export const DOCUMENT_PAGES: readonly Content['page'][] = [
  'settings',
  'public',
  'your-data',
  'home',
  'sign-in',
];
