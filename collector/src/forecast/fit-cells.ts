import { type CellDeviation, type CellProduct, createCellProduct } from './cell-product.js';
import { isCause, wholeShare } from './is-cause.js';

/** A part: for each dimension, a value, or `null` for all of them. */
type Part = readonly (string | null)[];

/** Cells that are looked at: the largest. */
const MOST_CELLS = 300;

/**
 * Finds the part that fits best what is missing of each cell: one cell, or one value of a dimension.
 *
 * @param gap - The change: how much is missing in all.
 * @returns The part and its share of the change; `undefined` if an even spread fits as well.
 */
export function fitCells(
  gap: number,
  all: readonly CellDeviation[],
): { readonly part: Part; readonly share: number } | undefined {
  const sizeOf = (cell: CellDeviation): number =>
    Math.max(cell.share, Math.abs(cell.missing / gap));
  const cells = [...all].sort((a, b) => sizeOf(b) - sizeOf(a)).slice(0, MOST_CELLS);
  const product = createCellProduct(cells);
  const even = fitPart(gap, cells, product, () => false).misfit;
  let best: { part: Part; share: number; misfit: number } | undefined;
  for (const part of partsOf(cells)) {
    const fit = fitPart(gap, cells, product, ({ values }) => isIn(values, part));
    const share = wholeShare(fit.excess, fit.size);
    const isBetter = fit.misfit < (best?.misfit ?? Infinity);
    if (isBetter && isCause({ ...fit, share, gain: even - fit.misfit })) {
      best = { part, share, misfit: fit.misfit };
    }
  }
  return best;
}

const isIn = (values: readonly string[], part: Part): boolean =>
  part.every((value, at) => value === null || value === values[at]);

/** Each value alone, and each cell. */
function partsOf(cells: readonly CellDeviation[]): Part[] {
  const parts = new Map<string, Part>();
  for (const { values } of cells) {
    const singles = values.map((value, at) =>
      values.map((_, other) => (other === at ? value : null)),
    );
    for (const part of [...singles, values]) parts.set(JSON.stringify(part), part);
  }
  return [...parts.values()];
}

/** The excess of a part that fits best, by least squares, its size, and what is left over. */
function fitPart(
  gap: number,
  cells: readonly CellDeviation[],
  product: CellProduct,
  isPart: (cell: CellDeviation) => boolean,
): {
  readonly excess: number;
  readonly misfit: number;
  readonly size: number;
  readonly left: number | undefined;
} {
  // A cell that nobody was in before has a share too, however small.
  const sizes = cells.map((cell) => cell.share + 1e-6);
  const inPart = cells.map((cell, at) => (isPart(cell) ? (sizes[at] ?? 0) : 0));
  const whole = sum(sizes);
  const part = sum(inPart);
  const spread = sizes.map((size) => (gap * size) / whole);
  const off = cells.map(({ missing }, at) => missing - (spread[at] ?? 0));
  const more = inPart.map((size, at) => (part === 0 ? 0 : (gap * size) / part - (spread[at] ?? 0)));
  const square = product(more, more);
  const excess = square === 0 ? 0 : Math.min(Math.max(product(off, more) / square, 0), 1.5);
  const rest = off.map((one, at) => one - excess * (more[at] ?? 0));
  const members = cells.filter(isPart);
  const expected = sum(members.map((cell) => cell.expected));
  const missing = sum(members.map((cell) => cell.missing));
  return {
    excess,
    misfit: product(rest, rest),
    size: whole === 0 ? 0 : part / whole,
    left: expected === 0 ? undefined : 1 - missing / expected,
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
