import type { LogLine } from '../../page/system-logs.js';

/** What else a line says, as one text: `status=200 ms=12`. */
export const detailsText = ({ details }: Pick<LogLine, 'details'>): string =>
  Object.entries(details)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
