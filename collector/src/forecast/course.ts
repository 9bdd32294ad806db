import { meanOf, middleOf } from './order-statistics.js';
import { createSortedWindow } from './sorted-window.js';
import { createWeekdayEffects } from './weekday-effects.js';

/** What is lasting in the course of days: the effects of weekdays, and growth; logarithms. */
export interface Course {
  /** How much a weekday differs from its week, by each of the memories. */
  effectsOf(weekday: number): readonly number[];
  /** By how much a day exceeds the day before, in the last weeks. */
  readonly growth: number;
  /** Learns the next day. */
  learn(weekday: number, value: number): void;
}

const WEEK = 7;

/** Growth is the difference from so many days before, in the middle of as many days. */
const GROWTH_DAYS = 28;

/** @param weeks - Of how many weeks each memory of weekdays is. */
export function createCourse(weeks: readonly number[]): Course {
  const memories = weeks.map(createWeekdayEffects);
  const grown = createSortedWindow(GROWTH_DAYS);
  const recent: number[] = [];
  let growth = 0;
  return {
    get growth() {
      return growth;
    },
    effectsOf: (weekday) => memories.map((memory) => memory.of(weekday)),
    learn: (weekday, value) => {
      recent.push(value);
      if (recent.length >= WEEK) {
        const week = recent.slice(-WEEK);
        // The last day with three known days after it.
        const difference = (week[3] ?? 0) - meanOf(week);
        for (const memory of memories) memory.learn((weekday + 4) % WEEK, difference);
      }
      if (recent.length <= GROWTH_DAYS) return;
      grown.add(value - (recent.shift() ?? value));
      if (grown.sorted.length === GROWTH_DAYS) growth = middleOf(grown.sorted) / GROWTH_DAYS;
    },
  };
}
