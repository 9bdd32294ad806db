/** How well a part explains a change. */
interface Fit {
  /** By how much it fits better than an even spread. */
  readonly gain: number;
  /** Which share of the change it has beyond what an even spread gives it. */
  readonly excess: number;
  /** Which share of the change it has in all. */
  readonly share: number;
  /** Which share of what was expected of it is left; `undefined` if that is unknown. */
  readonly left: number | undefined;
}

/** A part is named if it fits so much better than an even spread. */
const LEAST_GAIN = 8;

/** A part has at least so much of the change. */
const LEAST_SHARE = 0.3;

/** A part of which no more is left has fallen to nearly nothing. */
const NEARLY_NOTHING = 0.1;

/** Whether a part may be named: one that is nearly gone also where the rest has fallen too. */
export const isCause = ({ gain, excess, share, left = 1 }: Fit): boolean =>
  gain >= LEAST_GAIN &&
  (excess >= LEAST_SHARE || (excess > 0 && left <= NEARLY_NOTHING && share >= LEAST_SHARE));

/**
 * The share of a change that a part has in all.
 *
 * @param excess - What it has beyond its even share.
 * @param size - Its share of what was expected, which is its even share of the change too.
 */
export const wholeShare = (excess: number, size: number): number =>
  Math.min(excess + (1 - excess) * size, 1);
