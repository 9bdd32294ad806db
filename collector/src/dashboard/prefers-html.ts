import { PAGE_TYPE } from './send-page.js';

/**
 * Whether a request's `Accept` prefers a page to JSON: a browser's does, and that of the script in a
 * page, which asks for its data. Programs say that they want
 * JSON or anything, and get JSON (RFC 9110, section 12.5.1).
 */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const page = Math.max(qualityOf(accept, 'text/html'), qualityOf(accept, PAGE_TYPE));
  return page > 0 && page > qualityOf(accept, 'application/json');
}

/** The quality of a type that is named; 0 if it is not. Ranges such as `*\/*` name none. */
function qualityOf(accept: string, type: string): number {
  for (const part of accept.split(',')) {
    const [range = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    if (range !== type) continue;
    const quality = parameters.find((text) => text.startsWith('q='));
    return quality === undefined ? 1 : Number(quality.slice(2)) || 0;
  }
  return 0;
}
