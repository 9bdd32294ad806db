import { describe, expect, it } from 'vitest';
import { judgeSpread } from '../../src/forecast/judge-spread.js';
import { countBy, createRandom } from './random.js';

const SYSTEMS = { Windows: 0.33, Linux: 0.57, Darwin: 0.1 };
const DAYS = 29;

/** How often each is said of a last day on which a share of some systems is left. */
function judge(people: number, left: (os: string) => number): Record<string, number> {
  const said: Record<string, number> = { evenly: 0, unevenly: 0, unclear: 0 };
  for (let seed = 1; seed <= 100; seed++) {
    const random = createRandom(seed);
    const values = Object.entries(SYSTEMS).map(([value, share]) => ({
      ...{ dimension: 'os', value },
      counts: Array.from({ length: DAYS }, (_, day) =>
        countBy(random, people * share * (day === DAYS - 1 ? left(value) : 1)),
      ),
    }));
    const totals = Array.from({ length: DAYS }, (_, day) =>
      values.reduce((sum, { counts }) => sum + (counts[day] ?? 0), 0),
    );
    const isOrdinary = totals.map((_, day) => day < DAYS - 1);
    const spread = judgeSpread({ expected: people, totals, isOrdinary }, values);
    said[spread] = (said[spread] ?? 0) + 1;
  }
  return said;
}

describe('judgeSpread', () => {
  it('calls an even change even where enough people show it', () => {
    for (const left of [0.5, 1.6]) {
      const { evenly = 0, unevenly } = judge(2000, () => left);
      expect(evenly).toBeGreaterThanOrEqual(85);
      expect(unevenly).toBeLessThanOrEqual(5);
    }
  });

  it('does not claim that so few people show anything', () => {
    for (const people of [10, 30, 50]) {
      const { evenly, unevenly } = judge(people, () => 0.6);
      expect(evenly).toBeLessThanOrEqual(10);
      expect(unevenly).toBeLessThanOrEqual(5);
    }
  });

  it('never calls a change even of which one value is spared, or has most', () => {
    for (const people of [20, 50, 100, 300, 1000]) {
      for (const value of ['Windows', 'Linux']) {
        expect(judge(people, (os) => (os === value ? 0 : 0.7))['evenly']).toBeLessThanOrEqual(3);
        expect(judge(people, (os) => (os === value ? 1 : 0.5))['evenly']).toBeLessThanOrEqual(3);
      }
    }
    expect(judge(1000, (os) => (os === 'Darwin' ? 0 : 0.7))).toMatchObject({ unevenly: 100 });
  });
});
