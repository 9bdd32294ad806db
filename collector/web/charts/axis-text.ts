import type { Language } from '../language/language.js';

/** From here on, there is no room for all digits beside a plot. */
const LEAST_COMPACT = 1e5;

/** A number beside a gridline. */
export const axisText = (tick: number, { formats }: Language): string =>
  Math.abs(tick) >= LEAST_COMPACT ? formats.compact(tick) : formats.number(tick);
