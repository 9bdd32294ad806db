import { describe, expect, it } from 'vitest';
import {
  activeDays,
  isActiveWithin,
  mergeActivity,
  ONE_DAY,
} from '../../src/counting/activity-bits.js';

/** What the bits must be equal to: a set of days. */
function fold(days: readonly number[]): { lastDay: number; bits: bigint } {
  return days
    .map((lastDay) => ({ lastDay, bits: ONE_DAY }))
    .reduce((a, b) => ({ lastDay: Math.max(a.lastDay, b.lastDay), bits: mergeActivity(a, b) }));
}

describe('activity bits', () => {
  const days = [100, 101, 107, 130, 163];
  const orders = [days, [...days].reverse(), [130, 100, 163, 107, 101, 130]];

  it.each(orders)('know each of the last 64 days, whatever the order', (...order) => {
    const user = fold(order);
    for (let day = 90; day < 175; day++) {
      expect([day, isActiveWithin(user, day, 1)]).toEqual([day, days.includes(day)]);
      const week = days.some((active) => active <= day && active > day - 7);
      expect([day, isActiveWithin(user, day, 7)]).toEqual([day, week]);
    }
  });

  it('stay within a signed 64-bit integer', () => {
    const user = fold(Array.from({ length: 64 }, (_, day) => day));
    expect(user).toEqual({ lastDay: 63, bits: -1n });
    expect(fold([0, 63])).toEqual({ lastDay: 63, bits: -(2n ** 63n) + 1n });
  });

  it('forget what is older than 64 days', () => {
    expect(fold([0, 64])).toEqual({ lastDay: 64, bits: 1n });
  });

  it.each(orders)('list the days, in order', (...order) => {
    expect(activeDays(fold(order))).toEqual(days);
  });

  it('list 64 days at most', () => {
    const last64 = Array.from({ length: 64 }, (_, index) => 36 + index);
    expect(activeDays(fold(Array.from({ length: 100 }, (_, day) => day)))).toEqual(last64);
  });
});
