import { type ExplainedDays, expectedShareOf } from './expected-shares.js';
import { type ExpectedShare, fitTrend } from './fit-trend.js';

/** The counts of those who have one value of each of some dimensions: a system, and a version. */
export interface CellCounts {
  readonly values: readonly string[];
  /** In the order of the days. */
  readonly counts: readonly number[];
}

/** What was to be expected of a system and a version together. */
export interface ExpectedCell extends ExpectedShare {
  /** By which share of it all cells of the version may be off together. */
  readonly drift: number;
}

/** Days that say how the share of a version moves within a system. */
const TREND_DAYS = 14;

/** How much of what a version has moved in those days it may be off by. */
const DRIFT = 0.15;

/**
 * The shares of systems and versions that were to be expected: that of the system, which depends on
 * the weekday, times that of the version within it, which moves on while it spreads.
 */
export function expectedCells(
  cells: readonly CellCounts[],
  change: ExplainedDays,
): readonly ExpectedCell[] {
  const { totals, isOrdinary } = change;
  const last = totals.length - 1;
  const days = [...totals.keys()]
    .filter((day) => day < last && isOrdinary[day] === true)
    .slice(-TREND_DAYS);
  const bySystem = sumBy(cells, ({ values: [system = ''] }) => system);
  const byVersion = sumBy(cells, ({ values: [, version = ''] }) => version);
  const drifts = new Map(
    [...byVersion].map(([version, counts]) => {
      const trend = fitTrend(counts, totals, days, last);
      return [version, trend ? (DRIFT * Math.abs(trend.moved)) / Math.max(trend.mean, 0.02) : 0];
    }),
  );
  return cells.map(({ values: [system = '', version = ''], counts }) => {
    const whole = bySystem.get(system) ?? [];
    const ofSystem = expectedShareOf(whole, change);
    const within =
      fitTrend(counts, whole, days, last) ?? expectedShareOf(counts, { ...change, totals: whole });
    return {
      share: ofSystem.share * within.share,
      variance: ofSystem.share ** 2 * within.variance + within.share ** 2 * ofSystem.variance,
      drift: drifts.get(version) ?? 0,
    };
  });
}

function sumBy(
  cells: readonly CellCounts[],
  nameOf: (cell: CellCounts) => string,
): ReadonlyMap<string, readonly number[]> {
  const sums = new Map<string, number[]>();
  for (const cell of cells) {
    const sum = sums.get(nameOf(cell)) ?? cell.counts.map(() => 0);
    sums.set(
      nameOf(cell),
      sum.map((count, day) => count + (cell.counts[day] ?? 0)),
    );
  }
  return sums;
}
