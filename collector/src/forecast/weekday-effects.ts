import { meanOf, trimmedMeanOf } from './order-statistics.js';
import { createSortedWindow } from './sorted-window.js';

/** How much a weekday differs from its week, learnt day by day; logarithms. */
export interface WeekdayEffects {
  /** The difference of a weekday, 0 to 6. */
  of(weekday: number): number;
  /** @param difference - Of a day from the mean of the seven days around it. */
  learn(weekday: number, difference: number): void;
}

const WEEK = 7;

/**
 * Creates the weekday effects of the last weeks.
 *
 * @param weeks - How many of them are remembered.
 */
export function createWeekdayEffects(weeks: number): WeekdayEffects {
  const remembered = Array.from({ length: WEEK }, () => createSortedWindow(weeks));
  const effects = Array.from({ length: WEEK }, () => 0);
  let mean = 0;
  return {
    of: (weekday) => (effects[weekday] ?? 0) - mean,
    learn: (weekday, difference) => {
      const own = remembered[weekday];
      if (own === undefined) return;
      own.add(difference);
      effects[weekday] = trimmedMeanOf(own.sorted);
      mean = meanOf(effects);
    },
  };
}
