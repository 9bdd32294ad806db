import { readQualities, type Wanted } from './read-qualities.js';
import { PAGE_TYPE } from './send-page.js';

/**
 * Whether a request's `Accept` prefers a page to JSON (RFC 9110, section 12.5.1). A browser's does, and
 * so does that of a page's script, which asks for data of a page. Programs want JSON or anything.
 */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const wanted = readQualities(accept);
  const page = Math.max(qualityOf(wanted, 'text/html'), qualityOf(wanted, PAGE_TYPE));
  return page > 0 && page > qualityOf(wanted, 'application/json');
}

/** The quality of a type that is named; 0 if it is not. Ranges such as `*\/*` name none. */
const qualityOf = (wanted: readonly Wanted[], type: string): number =>
  wanted.find(({ name }) => name === type)?.quality ?? 0;
