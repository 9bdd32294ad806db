/**
 * Whether a request's `Accept` prefers HTML to JSON: a browser's does. Programs say that they want
 * JSON or anything, and get JSON (RFC 9110, section 12.5.1).
 */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const html = qualityOf(accept, 'text/html');
  return html > 0 && html > qualityOf(accept, 'application/json');
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
