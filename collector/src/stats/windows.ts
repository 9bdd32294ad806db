import { NEVER_BEFORE } from '../rules/tally.js';
import type { DayCount, GapCount } from '../store/questions.js';

/** A span of days. Both are included and numbered since 1970. */
export interface DayWindow {
  readonly firstDay: number;
  readonly lastDay: number;
}

/**
 * Counts the people active in each window, each once. An active day counts for the windows in which
 * it is the first: those that contain it and start after the previous active day.
 */
export function countActive(
  counts: readonly GapCount[],
  windows: readonly DayWindow[],
): readonly number[] {
  if (!isInOrder(windows)) return windows.map((one) => countActive(counts, [one])[0] ?? 0);
  // Each count applies to consecutive windows: `changes` has where it starts and where it ends.
  const beginning = indexBy(windows, 'firstDay');
  const ending = indexBy(windows, 'lastDay');
  const changes = new Float64Array(windows.length + 1);
  for (const { day, gap, n } of counts) {
    const afterGap = gap === NEVER_BEFORE ? 0 : beginning(day - gap + 1);
    const first = Math.max(afterGap, ending(day));
    const end = beginning(day + 1);
    if (first >= end) continue;
    changes[first] = (changes[first] ?? 0) + n;
    changes[end] = (changes[end] ?? 0) - n;
  }
  let active = 0;
  return windows.map((_, at) => (active += changes[at] ?? 0));
}

/** Sums the counts in each window. */
export function countAll(
  counts: readonly DayCount[],
  windows: readonly DayWindow[],
): readonly number[] {
  return countActive(
    counts.map(({ day, n }) => ({ day, gap: NEVER_BEFORE, n })),
    windows,
  );
}

/** Whether the starts and the ends of the windows are in order. */
const isInOrder = (windows: readonly DayWindow[]): boolean =>
  windows.every(({ firstDay, lastDay }, at) => {
    const before = windows[at - 1];
    return before === undefined || (before.firstDay <= firstDay && before.lastDay <= lastDay);
  });

/** Makes a function that finds the first window whose edge is on a day or after it. */
function indexBy(windows: readonly DayWindow[], edge: keyof DayWindow): (day: number) => number {
  const first = windows[0]?.[edge] ?? 0;
  const last = windows.at(-1)?.[edge] ?? first;
  const indexes = new Uint32Array(last - first + 1);
  let at = 0;
  for (let day = first; day <= last; day++) {
    while ((windows[at]?.[edge] ?? Infinity) < day) at++;
    indexes[day - first] = at;
  }
  return (day) => (day <= first ? 0 : (indexes[day - first] ?? windows.length));
}
