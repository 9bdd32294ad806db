import type { PartDeviation } from './deviate.js';

/** How much is missing of those who have one value of each of some dimensions. */
export interface CellDeviation extends PartDeviation {
  readonly values: readonly string[];
  /** By which share of it all cells of the version may be off together. */
  readonly drift: number;
}

/** Multiplies two lists of numbers, one for each cell, the less certain of which weigh less. */
export type CellProduct = (one: readonly number[], other: readonly number[]) => number;

/**
 * Creates the product that least squares are computed with. Where a version spreads faster or slower
 * than was expected, all of its cells are off by the same share, so they say little together: their
 * covariance is taken out (Sherman and Morrison's formula).
 */
export function createCellProduct(cells: readonly CellDeviation[]): CellProduct {
  const versions = new Map<string, { readonly at: number; readonly cell: CellDeviation }[]>();
  for (const [at, cell] of cells.entries()) {
    const version = cell.values.at(-1) ?? '';
    versions.set(version, [...(versions.get(version) ?? []), { at, cell }]);
  }
  return (one, other) => {
    let product = 0;
    for (const members of versions.values()) {
      const drift = (members[0]?.cell.drift ?? 0) ** 2;
      const common = { one: 0, other: 0, square: 0 };
      for (const { at, cell } of members) {
        const [a, b] = [one[at] ?? 0, other[at] ?? 0];
        product += (a * b) / cell.variance;
        common.one += (a * cell.expected) / cell.variance;
        common.other += (b * cell.expected) / cell.variance;
        common.square += cell.expected ** 2 / cell.variance;
      }
      product -= (drift * common.one * common.other) / (1 + drift * common.square);
    }
    return product;
  };
}
