import type { Answer } from '../support/start-collector.js';
import type { PublishedWindow } from './find-small-groups.js';

/** Asks a question by its URL. */
export type Ask = (url: string) => Promise<Answer>;

/** What a reader knows of a window after all answers. */
interface Known {
  readonly total: number;
  readonly named: Map<string, number>;
  other: number | undefined;
}

const WINDOWS = [1, 7, 28];

/** Days in a series of the public. */
export const SERIES_DAYS = 60;

/**
 * Asks every question about a dimension of a project, in every window, and puts the answers
 * together.
 *
 * @param lastDate - The last complete day, as `2026-11-21`.
 * @throws If two answers contradict each other.
 */
export async function readEverything(
  ask: Ask,
  project: string,
  dimension: string,
  lastDate: string,
): Promise<PublishedWindow[]> {
  const known = new Map<string, Known>();
  const get = async (path: string, query: Record<string, string>): Promise<Answer['body']> => {
    const { status, body, text } = await ask(
      `${path}?${new URLSearchParams({ project, ...query }).toString()}`,
    );
    if (status !== 200) throw new Error(`${path} ${JSON.stringify(query)}: ${text}`);
    return body;
  };
  const learn = (key: string, value: string, n: number): void => {
    const window = known.get(key);
    if (window === undefined) throw new Error(`${value} is told of ${key}, which has no total.`);
    const before = value === 'other' ? window.other : window.named.get(value);
    if (before !== undefined && before !== n) {
      throw new Error(`${value} in ${key} is ${before} here and ${n} there.`);
    }
    if (value === 'other') window.other = n;
    else if (n > 0) window.named.set(value, n);
  };

  const from = shiftDate(lastDate, 1 - SERIES_DAYS);
  for (const length of WINDOWS) {
    const window = `${length}d`;
    const series = { window, from, to: lastDate };
    const totals = await get('/v1/stats/timeseries', series);
    for (const { date, value } of totals['rows'] as { date: string; value: number }[]) {
      known.set(keyOf(date, length), { total: value, named: new Map(), other: undefined });
    }
    const grouped = { ...series, limit: '50' };
    const byGroup = await get('/v1/stats/timeseries', { ...grouped, group_by: dimension });
    for (const row of byGroup['rows'] as { date: string; group: string; value: number }[]) {
      learn(keyOf(row.date, length), row.group, row.value);
    }
    const isFact = !/^(event$|field:)/.test(dimension);
    const adoption = isFact ? await get('/v1/stats/adoption', { ...grouped, dimension }) : {};
    const shares = (adoption['rows'] ?? []) as { date: string; value: string; people: number }[];
    for (const row of shares) learn(keyOf(row.date, length), row.value, row.people);
    const asked = { window, dimension, metric: 'people', limit: '1000' };
    const breakdown = await get('/v1/stats/breakdown', asked);
    for (const row of breakdown['rows'] as { value: string; count: number }[]) {
      learn(keyOf(lastDate, length), row.value, row.count);
    }
  }
  for (const path of ['/v1/stats/summary', '/stats']) {
    const shares = (await get(path, {}))[`${dimension}_distribution`];
    for (const [value, n] of Object.entries((shares ?? {}) as Record<string, number>)) {
      learn(keyOf(lastDate, 28), value, n);
    }
  }
  return [...known].map(([key, { total, named, other }]) => {
    const [lastDay = 0, length = 0] = key.split(' ').map(Number);
    return { firstDay: lastDay - length + 1, lastDay, total, named, other };
  });
}

/** A date that is some days later. */
export function shiftDate(date: string, days: number): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}

const keyOf = (date: string, length: number): string =>
  `${Date.parse(date) / 86_400_000} ${length}`;
