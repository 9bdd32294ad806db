import { readNewestValue } from './runs-column.js';

/** Bytes of a run before its first value, at most. */
const HEAD_BYTES = 4;

/** Bytes of a value: of one below 16 384, and at most. What the first cannot hold, the second can. */
export const VALUE_BYTES = [2, 4] as const;

/** IDs of values are below this. */
const IDS = 2 ** 26;

/** How many people ran two values last. */
export interface NewestPair {
  readonly value: number;
  /** 0 without a second dimension. */
  readonly of: number;
  readonly n: number;
}

/** Counts what people ran last by the starts of their newest runs. */
export interface NewestTally {
  /** How many bytes each start has. */
  readonly startBytes: number;
  /** Adds starts, one after the other. Returns whether they were long enough to be read. */
  add(starts: Buffer): boolean;
  pairs(): NewestPair[];
}

/**
 * Creates a tally.
 *
 * @param valueBytes - One of {@link VALUE_BYTES}.
 * @param index - Of the dimension, in the order of `USER_DIMENSIONS`.
 * @param ofIndex - Of the second dimension; -1 without.
 */
export function createNewestTally(valueBytes: number, index: number, ofIndex: number): NewestTally {
  const startBytes = HEAD_BYTES + valueBytes * (Math.max(index, ofIndex) + 1);
  const counts = new Map<number, number>();
  return {
    startBytes,
    add: (starts) => {
      for (let at = 0; at < starts.length; at += startBytes) {
        const of = ofIndex === -1 ? 0 : readNewestValue(starts, at, at + startBytes, ofIndex);
        const value = readNewestValue(starts, at, at + startBytes, index);
        if (of === undefined || value === undefined) return false;
        const key = of * IDS + value;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      return true;
    },
    pairs: () =>
      [...counts].map(([key, n]) => ({ value: key % IDS, of: Math.floor(key / IDS), n })),
  };
}
