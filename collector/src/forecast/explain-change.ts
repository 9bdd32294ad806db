import { type Change, deviate } from './deviate.js';
import { type CellCounts, expectedCells } from './expected-cells.js';
import { expectedShareOf } from './expected-shares.js';
import { fitCause, type Deviation } from './fit-cause.js';
import { fitCells } from './fit-cells.js';

/** The counts of a value on some days. */
export interface ValueCounts {
  readonly dimension: string;
  readonly value: string;
  /** In the order of the days. */
  readonly counts: readonly number[];
}

/** A part of the people or reports in which most of a change lies: it has all of these values. */
export interface Cause {
  readonly where: readonly { readonly dimension: string; readonly value: string }[];
  /** About which share of the change lies in it, 0 to 1. */
  readonly share: number;
}

/** Two dimensions of which one value each may be the cause together. */
export const CROSSED = ['os', 'version'] as const;

/** Causes that are named at most. */
const MOST_CAUSES = 5;

/**
 * Finds the parts in which most of a change lies, the likeliest first: a system and a version
 * together, or one value. Nothing is found if no part can be told from an even spread.
 *
 * @param cells - Those of systems and versions. Without them, it is concluded from the values of
 *   each alone where a change lies.
 */
export function explainChange(
  change: Change,
  values: readonly ValueCounts[],
  cells: readonly CellCounts[] = [],
): readonly Cause[] {
  const { totals, expected } = change;
  const gap = expected - (totals.at(-1) ?? 0);
  if (gap === 0 || expected <= 0) return [];
  const deviationsOf = (dimension: string): Deviation[] =>
    values
      .filter((one) => one.dimension === dimension)
      .map(({ value, counts }) => ({
        dimension,
        value,
        ...deviate(change, expectedShareOf(counts, change), counts),
      }));
  const others = [...new Set(values.map(({ dimension }) => dimension))]
    .filter((dimension) => !CROSSED.some((name) => name === dimension))
    .flatMap((dimension) => fitCause(gap, [deviationsOf(dimension)]) ?? []);
  const crossed =
    cells.length > 0
      ? fitCells(
          gap,
          expectedCells(cells, change).map((cell, at) => ({
            values: cells[at]?.values ?? [],
            ...deviate(change, cell, cells[at]?.counts ?? []),
            drift: cell.drift,
          })),
        )
      : undefined;
  const first =
    cells.length > 0 ? crossed && toCause(crossed) : fitCause(gap, CROSSED.map(deviationsOf));
  return [...(first ? [first] : []), ...others].slice(0, MOST_CAUSES);
}

const toCause = ({ part, share }: NonNullable<ReturnType<typeof fitCells>>): Cause => ({
  where: CROSSED.flatMap((dimension, at) => {
    const value = part[at] ?? null;
    return value === null ? [] : [{ dimension, value }];
  }),
  share,
});
