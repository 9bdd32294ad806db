import { describe, expect, it } from 'vitest';
import { valueTicks } from '../../../web/charts/ticks.js';

describe('valueTicks', () => {
  it.each([
    [0, 3518, [0, 1000, 2000, 3000, 4000]],
    [0, 1, [0, 1]],
    [0, 3, [0, 1, 2, 3]],
    [0, 5, [0, 2, 4, 6]],
    [0, 0, [0, 1]],
  ])('rules from %d to %d at %j', (low, high, ticks) => {
    expect(valueTicks(low, high)).toEqual(ticks);
  });

  it('has at most six lines around all values, zero among them, and whole numbers for counts', () => {
    for (let i = 1; i < 400; i += 1) {
      const high = Math.floor(1.07 ** i) % 1e9;
      const low = i % 3 === 0 ? -Math.floor(high / (1 + (i % 7))) : 0;
      const ticks = valueTicks(low, high);
      expect(ticks).toContain(0);
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks[0]).toBeLessThanOrEqual(low);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(high);
      expect(ticks.every(Number.isInteger)).toBe(true);
    }
  });

  it('rules shares without dust of binary fractions', () => {
    expect(valueTicks(0, 0.55, { whole: false })).toEqual([0, 0.2, 0.4, 0.6]);
    expect(valueTicks(0, 0.0021, { whole: false })).toEqual([0, 0.001, 0.002, 0.003]);
  });
});
