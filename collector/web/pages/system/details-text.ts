import type { LogLine } from '../../page/system-logs.js';

/** It is long, and of use for looking up alone. */
const LAST = 'request_id';

/** What else a line says, as one text: `status=200 ms=12`. */
export const detailsText = ({ details }: Pick<LogLine, 'details'>): string =>
  Object.entries(details)
    .sort(([a], [b]) => Number(a === LAST) - Number(b === LAST))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
