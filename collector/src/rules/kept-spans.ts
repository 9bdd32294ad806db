import type { KeptByOption } from './retention-classes.js';
import { REMEMBERED_DAYS } from './limits.js';

/** The kinds of data with a time that a store keeps. */
export type KeptInStore = Exclude<KeptByOption, 'snapshots' | 'access' | 'error' | 'performance'>;

/** Runs that kept so many days each, their own day among them. Days are numbered since 1970. */
export interface SpanOfRuns {
  readonly firstRun: number;
  readonly lastRun: number;
  readonly days: number;
}

/** The first day that is kept if so many are, `today` among them. */
export const firstKept = (today: number, days: number): number => today - days + 1;

/** The first day of which nothing was dropped by a run up to a day; `-Infinity` before any. */
export function firstWhole(spans: readonly SpanOfRuns[], upTo: number): number {
  const begun = spans.filter(({ firstRun }) => firstRun <= upTo);
  return begun.reduce(
    (day, { lastRun, days }) => Math.max(day, firstKept(Math.min(lastRun, upTo), days)),
    -Infinity,
  );
}

/**
 * Whether people are counted exactly in a span of days. A person counts once in it if the store knew
 * the days before, back to the first of the span, while reports about the span could still come.
 *
 * @param activity - For how long activity was kept.
 */
export function isExact(
  activity: readonly SpanOfRuns[],
  { firstDay, lastDay }: { readonly firstDay: number; readonly lastDay: number },
): boolean {
  return firstWhole(activity, lastDay + REMEMBERED_DAYS) <= firstDay;
}
