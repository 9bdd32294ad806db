import type { LogReport } from '../log-reading/log-report.js';
import { toPrintable } from '../to-printable.js';
import { sparkline } from '../morning/sparkline.js';
import { toTable } from '../morning/to-table.js';

/** Rows of a table at most. */
const MAX_ROWS = 10;

/** Writes a report for a terminal. */
export function reportText(report: LogReport): string {
  const {
    from,
    to,
    lines,
    future_lines: future,
    errors,
    warnings,
    window_seconds: seconds,
  } = report;
  if (lines === 0) return 'There are no lines in this time.\n';
  const span = from === null || to === null ? '' : `, from ${from} to ${to}`;
  const parts = [
    `${lines} lines${span}: errors: ${errors}, warnings: ${warnings}\n`,
    ...(future === 0 ? [] : [`${future} lines are of a moment more than a day ahead\n`]),
    ...(errors === 0
      ? []
      : [`errors  ${sparkline(report.errors_by_window)}  (${seconds / 60} min each)\n`]),
    section('Bursts of errors', [
      ...report.bursts.map(({ start, errors: n }) => [start, `errors: ${n}`]),
    ]),
    section('Kinds of errors', [
      ...report.kinds.map(({ count, is_new, source, message, last }) => [
        `${is_new === true ? 'new ' : '    '}${[source, message].filter(Boolean).map(toPrintable).join(': ')}`,
        String(count),
        last ?? '-',
      ]),
    ]),
    section('Slowest routes', [
      ...report.routes.map(({ route, requests, p99_ms, max_ms }) => [
        toPrintable(route),
        `requests: ${requests}`,
        `p99 ${p99_ms ?? '-'} ms`,
        `longest ${max_ms} ms`,
      ]),
    ]),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const more = rows.length > MAX_ROWS ? `… and ${rows.length - MAX_ROWS} more; see --json\n` : '';
  return `${title}\n${toTable(rows.slice(0, MAX_ROWS))}${more}`;
}
