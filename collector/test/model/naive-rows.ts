import type { Question } from './questions.js';

/** A row of an answer, for formats that have rows alone. */
export type NaiveRow = Readonly<Record<string, unknown>>;

const BUCKET = ['date', 'start', 'end', 'complete'];
const USER = ['first_seen', 'last_seen', 'os', 'version', 'total_reports'];
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  '/v1/stats/summary': ['figure', 'value'],
  '/stats': ['figure', 'value'],
  '/v1/stats/quality': ['kind', 'reports'],
  '/v1/stats/recent': USER,
  '/stats/recent': USER,
  '/v1/stats/breakdown': ['value', 'count', 'share'],
  '/v1/stats/retention': ['cohort', 'size', 'period', ...BUCKET, 'people', 'rate', 'unusual'],
  '/v1/stats/adoption': [...BUCKET, 'value', 'people', 'share', 'unusual'],
  '/v1/stats/support': [
    ...['of', 'value', 'people', 'share', 'people_from_here', 'share_from_here', 'ended'],
    ...['first_date', 'days_to_half'],
  ],
  '/v1/stats/annotations': [
    ...['project', 'date', 'to', 'kind', 'text', 'version', 'prerelease', 'people', 'id', 'public'],
  ],
  '/v1/stats/growth': [
    ...BUCKET,
    ...['active', 'active_before', 'new', 'retained', 'resurrected', 'lost', 'unusual'],
  ],
};

/** What the rows of an answer have, by what is asked and not by what there is. */
export function columnsOf({ path, query }: Question): readonly string[] {
  if (path !== '/v1/stats/timeseries') return COLUMNS[path] ?? [];
  const { metric = 'active', population = 'people', group_by } = query;
  if (group_by !== undefined) return [...BUCKET, 'group', 'value', 'unusual'];
  const isSure = metric === 'active' && population === 'people';
  return [...BUCKET, 'value', ...(isSure ? ['certain', 'likely', 'ephemeral'] : []), 'unusual'];
}

/** The rows of an answer; figures that have none, one by one. */
export function rowsOf({ path }: Question, answer: Readonly<Record<string, unknown>>): NaiveRow[] {
  switch (path) {
    case '/v1/stats/summary':
    case '/stats':
      return figuresOf(answer).map(([figure, value]) => ({ figure, value }));
    case '/v1/stats/quality':
      return figuresOf(answer)
        .filter(
          ([kind]) => !['project', 'from', 'to', 'timezone', 'as_of', 'unusual'].includes(kind),
        )
        .map(([kind, reports]) => ({ kind, reports }));
    case '/v1/stats/recent':
    case '/stats/recent':
      return answer['users'] as NaiveRow[];
    default:
      return answer['rows'] as NaiveRow[];
  }
}

/** Those that are told apart further are named by both. */
function figuresOf(answer: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(answer).flatMap(([name, value]): [string, unknown][] => {
    if (Array.isArray(value)) return value.map((one: unknown) => [name, one]);
    return typeof value === 'object' && value !== null
      ? Object.entries(value).map(([part, n]) => [`${name}:${part}`, n])
      : [[name, value]];
  });
}

/** A value as it stands in CSV: what a spreadsheet would take for a formula has an apostrophe first. */
export function toCell(value: unknown): string {
  if (value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[=+\-@]/.test(text) ? `'${text}` : text;
}
