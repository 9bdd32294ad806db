import { describe, expect, it } from 'vitest';
import { addTotal, minuteOf, type Total } from '../../../web/pages/live/minute.js';

describe('minuteOf', () => {
  it('tells when in the last minute reports came, by five seconds', () => {
    const totals = [
      { atMs: 0, reports: 100 },
      { atMs: 58_000, reports: 104 },
      { atMs: 62_000, reports: 105 },
    ];
    const minute = minuteOf(totals, 65_000);
    expect(minute).toHaveLength(12);
    expect(minute.at(-1)).toBe(1);
    expect(minute.at(-2)).toBe(4);
    expect(minute.reduce((sum, n) => sum + n, 0)).toBe(5);
  });

  it('does not count what came before the page was opened', () => {
    expect(minuteOf([{ atMs: 1000, reports: 9000 }], 2000)).toEqual(Array(12).fill(0));
  });

  it('forgets what is older than a minute', () => {
    const totals = [
      { atMs: 0, reports: 0 },
      { atMs: 1000, reports: 7 },
    ];
    expect(minuteOf(totals, 30_000).reduce((sum, n) => sum + n, 0)).toBe(7);
    expect(minuteOf(totals, 61_500).reduce((sum, n) => sum + n, 0)).toBe(0);
  });
});

describe('addTotal', () => {
  it('counts a report that comes after minutes of silence', () => {
    let totals: readonly Total[] = [{ atMs: 0, reports: 100 }];
    totals = addTotal(totals, { atMs: 600_000, reports: 103 });
    expect(minuteOf(totals, 600_000).at(-1)).toBe(3);
  });

  it('keeps no more than a minute needs', () => {
    let totals: readonly Total[] = [];
    for (let n = 0; n < 1000; n++) totals = addTotal(totals, { atMs: n * 1000, reports: n });
    expect(totals.length).toBeLessThan(70);
    expect(minuteOf(totals, 999_000).reduce((sum, n) => sum + n, 0)).toBe(60);
  });
});
