import type { CountsPlace } from '../store/counts-place.js';

/** What a replica must have to be asked instead of the primary. All threads of questions read it. */
export interface Needed {
  /** From now on, it must have all that is marked up to here. */
  raise(mark: number): void;
  /** From now on, one that has less will do, since the primary does not answer. */
  lower(): void;
  /** Whether one that has less will do. */
  readonly isLowered: boolean;
}

/** Creates it for a place; `undefined` if that has no replica. */
export function createNeeded(counts: CountsPlace): Needed | undefined {
  if (counts.kind !== 'postgres' || counts.replica === undefined) return undefined;
  const shared = new BigInt64Array(counts.replica.needed);
  let isLowered = false;
  return {
    raise: (mark) => {
      isLowered = false;
      Atomics.store(shared, 0, BigInt(mark));
    },
    lower: () => {
      isLowered = true;
      Atomics.store(shared, 0, 0n);
    },
    get isLowered() {
      return isLowered;
    },
  };
}
