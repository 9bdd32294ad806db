import { meanOf, trimmedMeanOf } from './order-statistics.js';

/** How much a weekday differs from its week, learnt day by day; logarithms. */
export interface WeekdayEffects {
  /** The difference of a weekday, 0 to 6. */
  of(weekday: number): number;
  /** @param days - The seven days around one, that one in the middle. */
  learn(weekday: number, days: readonly number[]): void;
  /** Forgets a weekday as soon as its next day is learnt. */
  forget(weekday: number): void;
}

const WEEK = 7;

/**
 * Creates the weekday effects of the last weeks. They are means without the outermost sixths, so
 * that a holiday does not count.
 *
 * @param weeks - How many of them are remembered.
 */
export function createWeekdayEffects(weeks: number): WeekdayEffects {
  const remembered = Array.from({ length: WEEK }, (): number[] => []);
  const effects = Array.from({ length: WEEK }, () => 0);
  let mean = 0;
  return {
    of: (weekday) => (effects[weekday] ?? 0) - mean,
    forget: (weekday) => {
      remembered[weekday] = [];
    },
    learn: (weekday, days) => {
      const own = (remembered[weekday] ??= []);
      own.push((days[(WEEK - 1) / 2] ?? 0) - meanOf(days));
      if (own.length > weeks) own.shift();
      effects[weekday] = trimmedMeanOf(own);
      mean = meanOf(effects);
    },
  };
}
