import { NEVER_BEFORE } from '../counting/tally.js';
import type { DayCount, GapCount } from '../store/store.js';

/** Some days in a row that end with a day; both numbered since 1970. */
export interface DayWindow {
  readonly firstDay: number;
  readonly lastDay: number;
}

/**
 * How many were active in each of some windows, each of them once. A day of activity counts for
 * those windows in which it is the first: that begin after the day before it and not after itself.
 */
export function countActive(
  counts: readonly GapCount[],
  windows: readonly DayWindow[],
): readonly number[] {
  const days = groupByDay(counts);
  return windows.map(({ firstDay, lastDay }) => {
    let active = 0;
    for (let day = firstDay; day <= lastDay; day++) {
      for (const { gap, n } of days.get(day) ?? []) {
        if (gap === NEVER_BEFORE || gap > day - firstDay) active += n;
      }
    }
    return active;
  });
}

/** How many there were in each of some windows, all of them. */
export function countAll(
  counts: readonly DayCount[],
  windows: readonly DayWindow[],
): readonly number[] {
  const days = groupByDay(counts);
  return windows.map(({ firstDay, lastDay }) => {
    let all = 0;
    for (let day = firstDay; day <= lastDay; day++) {
      for (const { n } of days.get(day) ?? []) all += n;
    }
    return all;
  });
}

function groupByDay<Count extends DayCount>(counts: readonly Count[]): Map<number, Count[]> {
  const days = new Map<number, Count[]>();
  for (const count of counts) {
    const day = days.get(count.day);
    if (day) day.push(count);
    else days.set(count.day, [count]);
  }
  return days;
}
