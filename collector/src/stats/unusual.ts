import { Type } from 'typebox';
import { dateOfDay } from '../rules/day.js';
import type { UnusualDay } from '../store/questions.js';
import type { DayWindow } from './windows.js';

const date = Type.String({ format: 'date' });

/** The member of every answer about days. */
export const unusualDates = {
  unusual: Type.Array(date, {
    description:
      'Days in it with unusually many new people: over 500, and over 10 times the median of the 28 ' +
      'days before. They are counted; look whether they are real',
  }),
};

/** The member of every row about days. */
export const unusualMark = {
  unusual: Type.Boolean({ description: 'Whether it holds a day with unusually many new people' }),
};

/** The days of an answer that are unusual. */
export interface UnusualDays {
  /** As the answer names them, in order. */
  readonly dates: string[];
  /** Whether one of them is in a span. */
  isIn(window: DayWindow): boolean;
}

/** One day may be unusual for several projects. */
export function toUnusualDays(found: readonly UnusualDay[]): UnusualDays {
  const days = [...new Set(found.map(({ day }) => day))];
  return {
    dates: days.map(dateOfDay),
    isIn: ({ firstDay, lastDay }) => days.some((day) => day >= firstDay && day <= lastDay),
  };
}
