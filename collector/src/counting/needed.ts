import { type CountsPlace, REPLICA } from '../store/counts-place.js';

/** What a replica must have to be asked instead of the primary. All threads of questions read it. */
export interface Needed {
  /** From now on, it must have all that is marked up to here. */
  raise(mark: number): void;
  /** From now on, one that has less will do, since the primary does not answer. */
  lower(): void;
  /** Whether one that has less will do. */
  readonly isLowered: boolean;
  /** Whether a question has waited for the replica in vain: until it is seen close, none waits. */
  readonly isBehind: boolean;
  /** Notes what the replica was seen to have. */
  saw(mark: number): void;
}

/** A replica that has what is needed so soon is close enough to be waited for, in milliseconds. */
const CLOSE_MS = 500;

/** Creates it for a place; `undefined` if that has no replica. */
export function createNeeded(counts: CountsPlace): Needed | undefined {
  if (counts.kind !== 'postgres' || counts.replica === undefined) return undefined;
  const shared = new BigInt64Array(counts.replica.needed);
  let isLowered = false;
  /** What was needed at a moment, while questions do not wait. */
  let aim: { readonly mark: number; readonly atMs: number } | undefined;
  const isBehind = (): boolean => Atomics.load(shared, REPLICA.behind) !== 0n;
  return {
    raise: (mark) => {
      isLowered = false;
      Atomics.store(shared, REPLICA.mark, BigInt(mark));
    },
    lower: () => {
      isLowered = true;
      Atomics.store(shared, REPLICA.mark, 0n);
    },
    get isLowered() {
      return isLowered;
    },
    get isBehind() {
      return isBehind();
    },
    saw: (mark) => {
      if (!isBehind()) {
        aim = undefined;
        return;
      }
      const current = { mark: Number(Atomics.load(shared, REPLICA.mark)), atMs: performance.now() };
      aim ??= current;
      if (mark < aim.mark) return;
      if (current.atMs - aim.atMs <= CLOSE_MS) Atomics.store(shared, REPLICA.behind, 0n);
      aim = current;
    },
  };
}
