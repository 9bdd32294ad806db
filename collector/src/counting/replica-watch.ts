import { pause } from './pause.js';

/** What a replica says. */
export interface ReplicaAnswer {
  /** The position up to which it has the journal counted. */
  readonly position: number;
  /** The mark of the node that it has. */
  readonly mark: number;
  /** Whether its server follows another one. */
  readonly isStandby: boolean;
}

export interface ReplicaWatchOptions {
  readonly ask: () => Promise<ReplicaAnswer>;
  /** The position up to which the primary has it counted. */
  readonly counted: () => number;
  readonly now: () => Date;
  /** Whether it is to be looked at although it has everything. */
  readonly isAwaited: () => boolean;
  /** Called with the mark of each answer. */
  readonly onMark: (mark: number) => void;
  /** Called whenever the replica has more. */
  readonly onCovered: (position: number) => void;
  /** Called when the replica does not answer. It is asked again. */
  readonly onFailure: (error: unknown) => void;
  /** Called when it answers after that. */
  readonly onRecovery: () => void;
  /** Called when the server that answers is no standby, and when it is one again. */
  readonly onRole: (isStandby: boolean) => void;
  readonly signal: AbortSignal;
}

/** A replica that does not answer. */
export interface ReplicaFailure {
  readonly since: Date;
  readonly error: unknown;
}

/** Follows how far a replica has come, as long as it is behind or awaited. */
export interface ReplicaWatch {
  /** The position up to which the replica has the journal counted. */
  readonly covered: number;
  /** Whether the server that answered last is a standby; `undefined` until one has. */
  readonly isStandby: boolean | undefined;
  /** `null` unless it did not answer when it was asked last. */
  readonly failure: ReplicaFailure | null;
  /** Must be called when more is counted. */
  wake(): void;
  /** Asks it once, also while it has everything: it may be gone. */
  look(): void;
  /** Resolves when it has ended after the signal. */
  ended(): Promise<void>;
}

const ASK_EVERY_MS = 100;
const RETRY_AFTER_MS = 1000;

/** Creates a watch, which begins with `wake()`. */
export function watchReplica(options: ReplicaWatchOptions): ReplicaWatch {
  const { ask, counted, now, isAwaited, onMark, onCovered } = options;
  const { onFailure, onRecovery, onRole, signal } = options;
  let covered = 0;
  let isStandby: boolean | undefined;
  let failure: ReplicaFailure | null = null;
  let running: Promise<void> | undefined;

  const isDue = (): boolean => covered < counted() || isAwaited();
  const follow = async (): Promise<void> => {
    do {
      const asked = now();
      try {
        const answer = await ask();
        const found = Math.min(answer.position, counted());
        if (failure !== null) onRecovery();
        failure = null;
        if (answer.isStandby !== (isStandby ?? true)) onRole(answer.isStandby);
        ({ isStandby } = answer);
        onMark(answer.mark);
        if (found > covered) onCovered((covered = found));
      } catch (error) {
        failure = { since: failure?.since ?? asked, error };
        onFailure(error);
      }
      if (isDue()) await pause(failure ? RETRY_AFTER_MS : ASK_EVERY_MS, signal);
    } while (isDue() && !signal.aborted);
  };
  const look = (): void => {
    if (signal.aborted) return;
    running ??= follow().finally(() => {
      running = undefined;
      wake();
    });
  };
  const wake = (): void => {
    if (isDue()) look();
  };
  return {
    get covered() {
      return covered;
    },
    get isStandby() {
      return isStandby;
    },
    get failure() {
      return failure;
    },
    wake,
    look,
    ended: async () => running,
  };
}
