import { describe, expect, it } from 'vitest';
import { explainChange, type ValueCounts } from '../../src/forecast/explain-change.js';
import { countBy, createRandom } from './random.js';

const SYSTEMS = ['Windows', 'Linux', 'Darwin'];
const VERSIONS = ['2.3.1', '2.3.0', '2.2.0'];
const SHARES = [0.5, 0.3, 0.2];
const DAYS = 29;

/** Explains a last day on which a share of some cells is left. */
function explain(
  seed: number,
  people: number,
  left: (os: string, version: string) => number,
  hasCells = false,
) {
  const random = createRandom(seed);
  const cells = SYSTEMS.flatMap((os, at) =>
    VERSIONS.map((version, place) => ({
      ...{ os, version },
      counts: Array.from({ length: DAYS }, (_, day) => {
        const usual = people * (SHARES[at] ?? 0) * (SHARES[place] ?? 0);
        return countBy(random, usual * (day === DAYS - 1 ? left(os, version) : 1));
      }),
    })),
  );
  const sum = (some: typeof cells): number[] =>
    Array.from({ length: DAYS }, (_, day) =>
      some.reduce((all, { counts }) => all + (counts[day] ?? 0), 0),
    );
  const values: ValueCounts[] = [
    ...SYSTEMS.map((value) => ({
      ...{ dimension: 'os', value },
      counts: sum(cells.filter(({ os }) => os === value)),
    })),
    ...VERSIONS.map((value) => ({
      ...{ dimension: 'version', value },
      counts: sum(cells.filter(({ version }) => version === value)),
    })),
  ];
  const isOrdinary = Array.from({ length: DAYS }, (_, day) => day < DAYS - 1);
  const byCell = cells.map(({ os, version, counts }) => ({ values: [os, version], counts }));
  const change = { expected: people, totals: sum(cells), isOrdinary };
  return explainChange(change, values, hasCells ? byCell : []);
}

const nameOf = (causes: ReturnType<typeof explain>): string =>
  (causes[0]?.where ?? []).map(({ dimension, value }) => `${dimension} ${value}`).join(' and ');

/** In which share of some seeds the first cause has a name. */
const shareOf = (
  expected: string,
  left: Parameters<typeof explain>[2],
  { people = 1000, hasCells = false } = {},
): number =>
  Array.from({ length: 60 }, (_, at) => nameOf(explain(at + 1, people, left, hasCells))).filter(
    (name) => name === expected,
  ).length / 60;

describe('explainChange', () => {
  it('names the system and version that have lost their people first', () => {
    for (const [os, version] of [
      ['Windows', '2.3.1'],
      ['Linux', '2.3.1'],
      ['Windows', '2.3.0'],
    ] as const) {
      const left = (at: string, of: string): number => (at === os && of === version ? 0 : 1);
      expect(shareOf(`os ${os} and version ${version}`, left)).toBeGreaterThanOrEqual(0.95);
    }
  });

  it('tells smaller losses apart where systems and versions are counted together', () => {
    const ofCell = (at: string, of: string): number =>
      at === 'Windows' && of === '2.3.0' ? 0.2 : 1;
    const name = 'os Windows and version 2.3.0';
    expect(shareOf(name, ofCell, { hasCells: true })).toBeGreaterThanOrEqual(0.95);
    const ofSystem = (os: string): number => (os === 'Linux' ? 0.4 : 1);
    expect(shareOf('os Linux', ofSystem, { hasCells: true })).toBeGreaterThanOrEqual(0.95);
    const ofVersion = (_: string, version: string): number => (version === '2.3.1' ? 0.6 : 1);
    expect(shareOf('version 2.3.1', ofVersion, { hasCells: true })).toBeGreaterThanOrEqual(0.95);
    expect(shareOf('', () => 0.5, { hasCells: true })).toBeGreaterThanOrEqual(0.95);
  });

  it('names a value that is gone also where the rest has fallen, with all that is missing of it', () => {
    const fallen = (os: string): number => (os === 'Windows' ? 0 : 0.6);
    for (const hasCells of [true, false]) {
      for (const people of [200, 1000]) {
        // Of the half that had it all are missing, of the others 40 %: 50 of 70.
        for (let seed = 1; seed <= 20; seed++) {
          const [first] = explain(seed, people, fallen, hasCells);
          expect(first?.where.map(({ value }) => value)).toContain('Windows');
        }
        const shares = Array.from({ length: 20 }, (_, at) =>
          explain(at + 1, people, fallen, true).map(({ share }) => share),
        ).map(([share = 0]) => share);
        const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
        expect(mean).toBeGreaterThan(0.66);
        expect(mean).toBeLessThan(0.77);
      }
    }
    const hundred = (os: string): number => (os === 'Linux' ? 0 : 0.7);
    expect(shareOf('os Linux', hundred, { people: 100, hasCells: true })).toBeGreaterThan(0.95);
  });

  it('names one value if it alone has lost', () => {
    const ofSystem = shareOf('os Linux', (os) => (os === 'Linux' ? 0.2 : 1));
    expect(ofSystem).toBeGreaterThanOrEqual(0.95);
    const ofVersion = shareOf('version 2.3.1', (_, version) => (version === '2.3.1' ? 0.4 : 1));
    expect(ofVersion).toBeGreaterThanOrEqual(0.95);
  });

  it('finds nothing in a change that is spread evenly, and in none', () => {
    expect(shareOf('', () => 0.5)).toBeGreaterThanOrEqual(0.95);
    expect(shareOf('', () => 1.5)).toBeGreaterThanOrEqual(0.95);
    expect(explainChange({ expected: 0, totals: [0], isOrdinary: [false] }, [])).toEqual([]);
    expect(explainChange({ expected: 9, totals: [9], isOrdinary: [false] }, [])).toEqual([]);
  });

  it('explains rises too, such as those by a version that nobody had', () => {
    const isNew = (seed: number): ReturnType<typeof explain> => {
      const random = createRandom(seed);
      const totals = Array.from({ length: DAYS }, (_, day) =>
        countBy(random, day === DAYS - 1 ? 1600 : 1000),
      );
      const fresh = totals.map((_, day) => (day === DAYS - 1 ? 600 : 0));
      const old = totals.map((count, day) => count - (fresh[day] ?? 0));
      const isOrdinary = totals.map((_, day) => day < DAYS - 1);
      return explainChange({ expected: 1000, totals, isOrdinary }, [
        { dimension: 'version', value: '1.0.0', counts: old },
        { dimension: 'version', value: '9.9.9', counts: fresh },
      ]);
    };
    for (let seed = 1; seed <= 10; seed++) {
      expect(nameOf(isNew(seed))).toBe('version 9.9.9');
    }
  });

  it('names the system and version while another version spreads, however fast', () => {
    const isRight = (people: number, spreadDays: number) => (seed: number) => {
      const random = createRandom(seed);
      const begin = DAYS - 4 - (seed % 12);
      const cells = SYSTEMS.flatMap((os, at) =>
        ['3.0.0', '2.9.0'].map((version) => ({
          values: [os, version],
          counts: Array.from({ length: DAYS }, (_, day) => {
            const spread = 0.6 * Math.min(Math.max((day - begin) / spreadDays, 0), 1);
            const share = version === '3.0.0' ? 0.1 + spread : 0.9 - spread;
            const isLost = day === DAYS - 1 && os === 'Linux' && version === '2.9.0';
            const weekEnd = day % 7 > 4 ? 0.5 : 1;
            const system = (SHARES[at] ?? 0) * (os === 'Windows' ? weekEnd : 1);
            return countBy(random, isLost ? 0 : people * system * share);
          }),
        })),
      );
      const days = Array.from({ length: DAYS }, (_, day) => day);
      const totals = days.map((day) =>
        cells.reduce((sum, { counts }) => sum + (counts[day] ?? 0), 0),
      );
      const lost = people * 0.3 * (0.9 - 0.6 * Math.min((DAYS - 1 - begin) / spreadDays, 1));
      const expected = (totals.at(-1) ?? 0) + lost;
      const isOrdinary = days.map((day) => day < DAYS - 1);
      const causes = explainChange({ expected, totals, isOrdinary }, [], cells);
      return nameOf(causes) === 'os Linux and version 2.9.0';
    };
    for (const [people, spreadDays] of [
      [1000, 20],
      [1000, 40],
      [3000, 8],
    ] as const) {
      const seeds = Array.from({ length: 80 }, (_, at) => at + 1);
      const right = seeds.filter(isRight(people, spreadDays)).length / seeds.length;
      expect([people, spreadDays, right >= 0.95]).toEqual([people, spreadDays, true]);
    }
  });

  it('does not take the spreading of a version for a fall', () => {
    // 2.3.0 loses five points of share to 2.3.1 each day, and half of all people are missing.
    const isRight = (seed: number): boolean => {
      const random = createRandom(seed);
      const share = (day: number): number => 0.1 + 0.03 * day;
      const left = (day: number): number => (day === DAYS - 1 ? 0.5 : 1);
      const days = Array.from({ length: DAYS }, (_, day) => day);
      const newer = days.map((day) => countBy(random, 1000 * share(day) * left(day)));
      const older = days.map((day) => countBy(random, 1000 * (1 - share(day)) * left(day)));
      const totals = newer.map((count, day) => count + (older[day] ?? 0));
      const isOrdinary = days.map((day) => day < DAYS - 1);
      const causes = explainChange({ expected: 1000, totals, isOrdinary }, [
        { dimension: 'version', value: '2.3.0', counts: older },
        { dimension: 'version', value: '2.3.1', counts: newer },
      ]);
      return causes.length === 0;
    };
    const right = Array.from({ length: 40 }, (_, at) => isRight(at + 1)).filter(Boolean);
    expect(right.length / 40).toBeGreaterThanOrEqual(0.95);
  });
});
