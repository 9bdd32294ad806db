import { NEVER_BEFORE } from '../../../rules/tally.js';
import { type DayWindow, spanOf } from '../../../rules/window-counter.js';

/**
 * Whether a row counts in a window `w`: an active day counts for those in which it is the first; see
 * `WindowCounter`.
 */
export const inWindow = `
  day BETWEEN w.first_day AND w.last_day AND (gap = ${NEVER_BEFORE} OR day - gap < w.first_day)`;

/** How many of a window's people were seen in it for the first time. */
export const firstsIn = `sum(n) FILTER (WHERE gap = ${NEVER_BEFORE})`;

/** Windows as the two columns of an `unnest()`, and the days that they span. */
export function toWindows(windows: readonly DayWindow[]): {
  readonly columns: readonly [number[], number[]];
  readonly span: { readonly from: number; readonly to: number };
} {
  return {
    columns: [windows.map(({ firstDay }) => firstDay), windows.map(({ lastDay }) => lastDay)],
    span: spanOf(windows),
  };
}
