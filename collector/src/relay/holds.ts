import type { RelayTimes } from './relay-times.js';

interface Hold {
  untilMs: number;
  /** How often the row was asked to come later. */
  times: number;
  /** How often a request with it has failed. */
  failures: number;
  suspicion: number;
}

/**
 * Rows that are left alone for a while, so that the others pass them. They are remembered in memory:
 * a restart tries them at once.
 */
export interface Holds {
  /** How often a row may have been the cause of a failure; `undefined` if it is left alone now. */
  suspicionOf(position: number): number | undefined;
  /** The collector has asked for the rows to come later. */
  postpone(positions: readonly number[], askedMs: number): void;
  /** A request with the rows has failed. With `isNew`, one of them may be the cause. */
  suspect(positions: readonly number[], isNew: boolean): void;
  forget(positions: readonly number[]): void;
  /** How long until the first of them is due, in milliseconds; `undefined` if there is none. */
  dueInMs(): number | undefined;
  readonly size: number;
}

const GROWTH = 4;

/** Further failures of a report that is alone change nothing. */
const MOST_SUSPICION = 8;

/** Creates an empty set. */
export function createHolds(times: RelayTimes, nowMs: () => number): Holds {
  const holds = new Map<number, Hold>();
  const change = (positions: readonly number[], by: (hold: Hold) => void): void => {
    for (const position of positions) {
      const hold = holds.get(position) ?? { untilMs: 0, times: 0, failures: 0, suspicion: 0 };
      by(hold);
      holds.set(position, hold);
    }
  };
  return {
    suspicionOf: (position) => {
      const hold = holds.get(position);
      if (hold === undefined) return 0;
      return hold.untilMs <= nowMs() ? hold.suspicion : undefined;
    },
    postpone: (positions, askedMs) =>
      change(positions, (hold) => {
        const ownMs = times.firstRetryMs * 2 ** Math.min(hold.times, 30);
        hold.times += 1;
        hold.untilMs = nowMs() + Math.max(askedMs, Math.min(ownMs, times.longestRetryMs));
      }),
    suspect: (positions, isNew) =>
      change(positions, (hold) => {
        if (isNew) hold.suspicion = Math.min(hold.suspicion + 1, MOST_SUSPICION);
        const ms = times.suspicionMs * GROWTH ** Math.min(hold.failures, 30);
        // In the end longer than any pause, so that every other report gets its turn.
        hold.failures += 1;
        hold.untilMs = nowMs() + Math.min(ms, times.longestSuspicionMs);
      }),
    forget: (positions) => {
      for (const position of positions) holds.delete(position);
    },
    dueInMs: () => {
      if (holds.size === 0) return undefined;
      let first = Infinity;
      for (const { untilMs } of holds.values()) first = Math.min(first, untilMs);
      return Math.max(0, first - nowMs());
    },
    get size() {
      return holds.size;
    },
  };
}
