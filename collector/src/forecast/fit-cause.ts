import type { PartDeviation } from './deviate.js';
import { isCause, wholeShare } from './is-cause.js';

/** How much is missing of a value. */
export interface Deviation extends PartDeviation {
  readonly dimension: string;
  readonly value: string;
}

interface Fit {
  readonly where: readonly { readonly dimension: string; readonly value: string }[];
  /** Which share of the change lies in the part beyond its even share; the rest is spread evenly. */
  readonly excess: number;
  /** The squared deviations that are left, in variances. */
  readonly misfit: number;
}

/**
 * Finds the part that fits best what is missing of each value: one value, or one of each dimension
 * together. If a change lies in those with one value, what is missing of other dimensions is spread
 * as they are; if it lies in those with two, it is missing of these two alone.
 *
 * @param gap - The change: how much is missing in all.
 * @param dimensions - The values of each.
 * @returns `undefined` if an even spread fits as well.
 */
export function fitCause(
  gap: number,
  dimensions: readonly (readonly Deviation[])[],
): (Pick<Fit, 'where'> & { readonly share: number }) | undefined {
  const all = dimensions.flat();
  const even = misfitOf(gap, all, new Set(), 0);
  let best: (Fit & { readonly share: number }) | undefined;
  for (const part of partsOf(dimensions)) {
    const fit = fitPart(gap, all, part);
    const size = part.reduce((product, one) => product * one.share, 1);
    const share = wholeShare(fit.excess, size);
    const isBetter = fit.misfit < (best?.misfit ?? Infinity);
    const judged = { ...fit, share, gain: even - fit.misfit, left: leftOf(part) };
    if (isBetter && isCause(judged)) best = { ...fit, share };
  }
  return best && { where: best.where, share: best.share };
}

/** Every value, and every two of the first two dimensions. */
function partsOf([first = [], second = []]: readonly (readonly Deviation[])[]): Deviation[][] {
  const pairs = first.flatMap((one) => second.map((other) => [one, other]));
  return [...[...first, ...second].map((one) => [one]), ...pairs];
}

/** How much is left of a value; of two together, that is not known. */
const leftOf = ([one, other]: readonly Deviation[]): number | undefined =>
  one === undefined || other !== undefined || one.expected === 0
    ? undefined
    : 1 - one.missing / one.expected;

/** The excess of a part that fits best, by least squares. */
function fitPart(gap: number, all: readonly Deviation[], part: readonly Deviation[]): Fit {
  const chosen = new Set(part);
  const named = new Set(part.map(({ dimension }) => dimension));
  let product = 0;
  let square = 0;
  for (const one of all) {
    if (!named.has(one.dimension)) continue;
    const more = gap * (Number(chosen.has(one)) - one.share);
    product += ((one.missing - gap * one.share) * more) / one.variance;
    square += more ** 2 / one.variance;
  }
  const excess = square === 0 ? 0 : Math.min(Math.max(product / square, 0), 1.5);
  const where = part.map(({ dimension, value }) => ({ dimension, value }));
  return { where, excess, misfit: misfitOf(gap, all, chosen, excess) };
}

function misfitOf(
  gap: number,
  all: readonly Deviation[],
  chosen: ReadonlySet<Deviation>,
  excess: number,
): number {
  const named = new Set([...chosen].map(({ dimension }) => dimension));
  return all.reduce((sum, one) => {
    const inPart = named.has(one.dimension) ? Number(chosen.has(one)) : one.share;
    const expected = gap * (excess * inPart + (1 - excess) * one.share);
    return sum + (one.missing - expected) ** 2 / one.variance;
  }, 0);
}
