import type { FieldValue, Report } from '../wire/report.js';
import type { TestRequest } from './report-server.js';

/** Lists are cut here. */
const MAX_LINES = 20;

/** What an event was reported with, for people: `render { cached: "no" }`. */
export function eventText(event: string, fields: Readonly<Record<string, unknown>> = {}): string {
  const pairs = Object.entries(fields).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return pairs.length === 0 ? event : `${event} { ${pairs.join(', ')} }`;
}

/** An event with its fields, as a difference shows it. */
export const eventOf = ({
  event,
  fields = {},
}: Report): { event: string; fields: Readonly<Record<string, FieldValue>> } => ({ event, fields });

/** What came, and how often, in lines. */
export function eventLines(reports: readonly Report[]): string[] {
  const counts = new Map<string, number>();
  for (const { event, fields } of reports) {
    const text = eventText(event, fields);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const lines = [...counts].map(([text, count]) => `${text}${count > 1 ? ` × ${count}` : ''}`);
  return lines.length > MAX_LINES
    ? [...lines.slice(0, MAX_LINES), `and ${lines.length - MAX_LINES} more`]
    : lines;
}

/** Everything that reached a test's collector. */
export interface Arrivals {
  readonly reports: readonly Report[];
  readonly requests: readonly TestRequest[];
  readonly connections: number;
}

/** Tells what came instead of what was expected, in lines. */
export function arrivalLines({ reports, requests, connections }: Arrivals): string[] {
  const unanswered = requests.filter(({ status }) => status === undefined).length;
  const failures = requests.filter(({ status }) => status !== undefined && status >= 300);
  const statuses = [...new Set(failures.map(({ status }) => status))].join(', ');
  return [
    ...(reports.length > 0
      ? ['These reports came:', ...eventLines(reports).map((line) => `  ${line}`)]
      : ['No report came.']),
    ...(unanswered > 0 ? [`Requests without an answer: ${unanswered}.`] : []),
    ...(failures.length > 0 ? [`Requests that failed: ${failures.length} (${statuses}).`] : []),
    ...(requests.length === 0 && connections > 0
      ? [`Connections without a request: ${connections}.`]
      : []),
  ];
}
