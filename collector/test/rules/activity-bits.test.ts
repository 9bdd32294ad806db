import { describe, expect, it } from 'vitest';
import {
  activeDays,
  type Activity,
  ACTIVITY_DAYS,
  mergeActivity,
  ONE_DAY,
} from '../../src/rules/activity-bits.js';

function fold(days: readonly number[]): Activity {
  return days
    .map((lastDay) => ({ lastDay, bits: ONE_DAY }))
    .reduce((a, b) => ({ lastDay: Math.max(a.lastDay, b.lastDay), bits: mergeActivity(a, b) }));
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, n) => from + n);

describe('activity bits', () => {
  const days = [100, 101, 107, 130, 163, 164, 499];

  it.each([days, [...days].reverse(), [130, 100, 163, 499, 107, 101, 130, 164]])(
    'know each of the last 400 days, in order, whatever the order they came in',
    (...order) => {
      expect(activeDays(fold(order))).toEqual(days);
    },
  );

  it('forget what is older, whatever the order', () => {
    expect(activeDays(fold([0, ACTIVITY_DAYS]))).toEqual([ACTIVITY_DAYS]);
    expect(activeDays(fold([ACTIVITY_DAYS, 0]))).toEqual([ACTIVITY_DAYS]);
    expect(activeDays(fold([1, ACTIVITY_DAYS]))).toEqual([1, ACTIVITY_DAYS]);
    expect(activeDays(fold(range(0, 999)))).toEqual(range(1000 - ACTIVITY_DAYS, 999));
  });

  it('take days before 1970', () => {
    expect(activeDays(fold([-3, 2, -1]))).toEqual([-3, -1, 2]);
  });
});
