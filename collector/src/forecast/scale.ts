/**
 * What is added to a count before its logarithm is taken. Without it, whether 2 or 4 come on a Sunday
 * would weigh as much as whether 2000 or 4000 come on a Monday.
 */
const ADDED = 5;

/** Converts a count to the scale of the forecast, on which growth and weekdays are added. */
export const toScale = (count: number): number => Math.log(count + ADDED);

/** Converts a value of the scale back to a count. */
export const fromScale = (value: number): number => Math.max(0, Math.exp(value) - ADDED);

/** How much a count differs by chance from an expected one, on the scale: about its root. */
export const chanceOf = (expected: number): number => Math.sqrt(expected + 1) / (expected + ADDED);
