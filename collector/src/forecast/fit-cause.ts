/** How much is missing of a value. */
export interface Deviation {
  readonly dimension: string;
  readonly value: string;
  /** Its share of what was expected. */
  readonly share: number;
  /** How much less it had than was expected. */
  readonly missing: number;
  /** Of {@link missing}, if nothing has happened. */
  readonly variance: number;
}

interface Fit {
  readonly where: readonly { readonly dimension: string; readonly value: string }[];
  /** Which share of the change lies in the part; the rest is spread evenly. */
  readonly share: number;
  /** The squared deviations that are left, in variances. */
  readonly misfit: number;
}

/** A part is named if it fits so much better than an even spread, for each of its dimensions. */
export const LEAST_GAIN = 8;

/** A part has at least so much of the change. */
export const LEAST_SHARE = 0.3;

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
): Omit<Fit, 'misfit'> | undefined {
  const all = dimensions.flat();
  const even = misfitOf(gap, all, new Set(), 0);
  let best: Fit | undefined;
  for (const part of partsOf(dimensions)) {
    const fit = fitPart(gap, all, part);
    const gain = even - fit.misfit;
    const isBetter = fit.misfit < (best?.misfit ?? Infinity);
    if (fit.share >= LEAST_SHARE && gain >= LEAST_GAIN && isBetter) best = fit;
  }
  return best && { where: best.where, share: Math.min(best.share, 1) };
}

/** Every value, and every two of the first two dimensions. */
function partsOf([first = [], second = []]: readonly (readonly Deviation[])[]): Deviation[][] {
  const pairs = first.flatMap((one) => second.map((other) => [one, other]));
  return [...[...first, ...second].map((one) => [one]), ...pairs];
}

/** The share of a part that fits best, by least squares. */
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
  const share = square === 0 ? 0 : Math.min(Math.max(product / square, 0), 1.5);
  const where = part.map(({ dimension, value }) => ({ dimension, value }));
  return { where, share, misfit: misfitOf(gap, all, chosen, share) };
}

function misfitOf(
  gap: number,
  all: readonly Deviation[],
  chosen: ReadonlySet<Deviation>,
  share: number,
): number {
  const named = new Set([...chosen].map(({ dimension }) => dimension));
  return all.reduce((sum, one) => {
    const inPart = named.has(one.dimension) ? Number(chosen.has(one)) : one.share;
    const expected = gap * (share * inPart + (1 - share) * one.share);
    return sum + (one.missing - expected) ** 2 / one.variance;
  }, 0);
}
