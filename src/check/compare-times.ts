import type { Run } from './run-program.js';

/** What a comparison of how long a program ran has found. */
export interface ComparedTimes {
  /** Whether the program ends later than allowed, beyond what its time varies without telemetry. */
  readonly isLate: boolean;
  /** Whether more runs would not change that, as far as can be told. */
  readonly isClear: boolean;
  /** How much later it ends. */
  readonly laterMs: number;
  /** How much its time varies with telemetry off. */
  readonly variesMs: number;
  /** How many pairs of runs were compared. */
  readonly pairs: number;
}

/** So many pairs are trusted, where fewer may all have met the same moment of load. */
const PAIRS_TO_TRUST = 6;

/**
 * Compares times of runs with telemetry off and on, which were made in turns. Load makes a run longer,
 * never shorter: so the shortest runs tell a delay that every run has. The median of the pairs tells
 * one that most have, if it is more than what varies anyway.
 */
export function compareTimes(
  off: readonly number[],
  on: readonly number[],
  allowedMs: number,
): ComparedTimes {
  const pairs = Math.min(off.length, on.length);
  const variesMs = Math.max(...off) - Math.min(...off);
  const shortest = Math.min(...on) - Math.min(...off);
  const usual = median(off.slice(0, pairs).map((ms, at) => (on[at] ?? ms) - ms));
  const error = variesMs / pairs;
  const isLate = shortest - error > allowedMs || usual - variesMs > allowedMs;
  const trusted = pairs >= PAIRS_TO_TRUST ? allowedMs : 3 * allowedMs;
  const isClear = isLate
    ? shortest - 2 * error > trusted
    : shortest + 2 * error <= allowedMs && usual <= allowedMs;
  const laterMs = usual > allowedMs === isLate ? usual : shortest;
  return { isLate, isClear, laterMs, variesMs, pairs };
}

/** How long these runs took. */
export const times = (runs: readonly Run[]): number[] => runs.map(({ ms }) => ms);

/** The middle one, or the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [a = 0, b = a] = sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1);
  return (a + b) / 2;
}
