import type { Journal } from '../journal/journal.js';
import type { CountsPlace } from '../store/counts-place.js';
import { type CommitTimes, createCommitTimes } from './commit-times.js';
import { createCountWaiters } from './count-waiters.js';
import { createForgetLater, type ForgetLaterOptions } from './forget-later.js';
import { createNeeded } from './needed.js';
import { type ReplicaFailure, type ReplicaWatchOptions, watchReplica } from './replica-watch.js';

export interface KeptEntriesOptions {
  readonly journal: Pick<Journal, 'forget'>;
  readonly counts: CountsPlace;
  readonly replica: Omit<ReplicaWatchOptions, 'isAwaited' | 'onMark' | 'onCovered'>;
  /** How entries are kept for some time after that; `false` forgets them at once. */
  readonly later: Omit<ForgetLaterOptions, 'forget'> | false;
}

/** How a replica stands that questions go to. */
export interface ReplicaState {
  /** The moment since which it lacks what is counted; `null` if it has everything. */
  readonly behindSince: Date | null;
  readonly failure: ReplicaFailure | null;
  /** Whether its server is a standby; `undefined` until it has answered. */
  readonly isStandby: boolean | undefined;
}

/** What the journal keeps: entries until they are counted, until a replica has them, and for some time. */
export interface KeptEntries extends Pick<CommitTimes, 'oldestAfter'> {
  /** Notes that everything up to a position is on disk. */
  add(position: number, at: Date): void;
  /**
   * Forgets what is counted, or what the replica has of it.
   *
   * @param mark - What a replica must have from now on to be asked.
   */
  counted(position: number, mark: number): void;
  /** Must be called when counts have changed at the same position. */
  raise(mark: number): void;
  /** Keeps everything until more is counted: the store may have counted less than it had. */
  hold(): void;
  /**
   * Notes that less is counted than before.
   *
   * @param waiting - The last position on disk, and since when its entries wait; nothing if all are
   *   counted.
   */
  wentBack(waiting: { readonly position: number; readonly since: Date } | undefined): void;
  /** Lets a replica be asked that has less, since the primary does not answer. */
  allowOlder(): void;
  /** The position that such a replica has; `undefined` while it must have all. */
  readonly older: number | undefined;
  /** The position up to which entries are forgotten. */
  readonly forgotten: number;
  /** The position up to which no entry is kept for a replica; `undefined` if there is no replica. */
  readonly covered: number | undefined;
  /** How the replica stands; `undefined` if there is none. */
  readonly replica: ReplicaState | undefined;
  /** Looks whether the replica is there. */
  look(): void;
  /** Waits until the replica has everything up to a position, for at most `limitMs`. */
  untilCovered(position: number, limitMs: number): Promise<void>;
  /** Resolves when the watch of the replica has ended. */
  ended(): Promise<void>;
}

export function createKeptEntries(options: KeptEntriesOptions): KeptEntries {
  const { journal, counts } = options;
  let commits = createCommitTimes();
  let forgotten = 0;
  const forgetNow = (upTo: number): void => {
    forgotten = Math.max(forgotten, upTo);
    journal.forget(upTo);
  };
  const later =
    options.later === false
      ? undefined
      : createForgetLater({ ...options.later, forget: forgetNow });
  const forget = (upTo: number): void => {
    commits.forget(upTo);
    if (later === undefined) forgetNow(upTo);
    else later.allow(upTo);
  };
  const needed = createNeeded(counts);
  const waiters = createCountWaiters();
  options.replica.signal.addEventListener('abort', () => waiters.end());
  const replica =
    needed &&
    watchReplica({
      ...options.replica,
      isAwaited: () => needed.isBehind,
      onMark: (mark) => needed.saw(mark),
      onCovered: (position) => {
        forget(position);
        waiters.reached(position);
      },
    });
  return {
    add: (position, at) => commits.add(position, at),
    oldestAfter: (position) => commits.oldestAfter(position),
    counted: (position, mark) => {
      needed?.raise(mark);
      if (replica === undefined) forget(position);
      else replica.wake();
    },
    raise: (mark) => needed?.raise(mark),
    hold: () => later?.hold(),
    wentBack: (waiting) => {
      // What a replica lacks was noted before, and is kept still.
      if (replica !== undefined && later === undefined) return;
      commits = createCommitTimes();
      if (waiting !== undefined) commits.add(waiting.position, waiting.since);
    },
    allowOlder: () => needed?.lower(),
    get older() {
      return needed?.isLowered ? (replica?.covered ?? 0) : undefined;
    },
    get forgotten() {
      return forgotten;
    },
    get covered() {
      return replica?.covered;
    },
    get replica() {
      if (replica === undefined) return undefined;
      const { covered, isStandby, failure } = replica;
      const isBehind = isStandby !== undefined && covered < options.replica.counted();
      return { behindSince: isBehind ? commits.oldestAfter(covered) : null, failure, isStandby };
    },
    look: () => replica?.look(),
    untilCovered: async (position, limitMs) => {
      if (replica === undefined || replica.covered >= position) return;
      await waiters.wait(position, limitMs);
    },
    ended: async () => replica?.ended(),
  };
}
