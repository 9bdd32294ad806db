import { NEVER_BEFORE } from '../rules/tally.js';
import { createWindowCounter, type DayWindow } from '../rules/window-counter.js';
import type { DayCount, GapCount } from '../store/questions.js';

export type { DayWindow } from '../rules/window-counter.js';

/** Counts the people active in each window, each once. */
export function countActive(
  counts: readonly GapCount[],
  windows: readonly DayWindow[],
): readonly number[] {
  const counter = createWindowCounter(windows);
  for (const { day, gap, n } of counts) counter.add(day, gap, n);
  return counter.take();
}

/** Sums the counts in each window. */
export function countAll(
  counts: readonly DayCount[],
  windows: readonly DayWindow[],
): readonly number[] {
  const counter = createWindowCounter(windows);
  for (const { day, n } of counts) counter.add(day, NEVER_BEFORE, n);
  return counter.take();
}
