import { roomOf } from '../rules/give-up-places.js';
import { MAX_DIMENSION_VALUES, MAX_DIMENSIONS, MAX_PROJECT_VALUES } from '../rules/limits.js';

/** A value of a dimension. */
export interface DimensionValue {
  readonly dimension: string;
  readonly value: string;
}

/** The values that a project knows: what has a place in the store, and what was admitted since. */
export interface KnownValues {
  readonly readAtMs: number;
  /** What was admitted since the reading: the next one may not have it yet. */
  readonly admitted: readonly DimensionValue[];
  /** Values in memory. */
  readonly size: number;
  has(value: DimensionValue): boolean;
  hasDimension(dimension: string): boolean;
  admit(value: DimensionValue): void;
  /**
   * What of the project is so full that a new value of a dimension would take one of its last
   * places; `undefined` if there is room.
   */
  scarce(dimension: string): string | undefined;
}

/** @param values - What has a place in the store, and what may have one soon. */
export function createKnownValues(
  values: readonly DimensionValue[],
  readAtMs: number,
): KnownValues {
  const keys = new Set<string>();
  const sizes = new Map<string, number>();
  const admitted: DimensionValue[] = [];
  const add = (one: DimensionValue): void => {
    if (keys.has(keyOf(one))) return;
    keys.add(keyOf(one));
    sizes.set(one.dimension, (sizes.get(one.dimension) ?? 0) + 1);
  };
  values.forEach(add);
  return {
    readAtMs,
    admitted,
    get size() {
      return keys.size;
    },
    has: (value) => keys.has(keyOf(value)),
    hasDimension: (dimension) => sizes.has(dimension),
    admit: (value) => {
      admitted.push(value);
      add(value);
    },
    scarce: (dimension) => {
      if (keys.size >= roomOf(MAX_PROJECT_VALUES)) return 'values';
      const size = sizes.get(dimension);
      if (size === undefined) {
        return sizes.size >= roomOf(MAX_DIMENSIONS) ? 'dimensions' : undefined;
      }
      return size >= roomOf(MAX_DIMENSION_VALUES) ? `values of ${dimension}` : undefined;
    },
  };
}

const keyOf = ({ dimension, value }: DimensionValue): string => `${dimension}\n${value}`;
