import { pause } from './pause.js';

export interface ReplicaWatchOptions {
  /** Asks the replica up to which position it has the journal counted. */
  readonly ask: () => Promise<number>;
  /** The position up to which the primary has it counted. */
  readonly counted: () => number;
  readonly now: () => Date;
  /** Called whenever the replica has more. */
  readonly onCovered: (position: number) => void;
  /** Called when the replica does not answer. It is asked again. */
  readonly onFailure: (error: unknown) => void;
  /** Called when it answers after that. */
  readonly onRecovery: () => void;
  readonly signal: AbortSignal;
}

/** A replica that does not answer. */
export interface ReplicaFailure {
  readonly since: Date;
  readonly error: unknown;
}

/** Follows how far a replica has come, as long as it is behind. */
export interface ReplicaWatch {
  /** The position up to which the replica has the journal counted. */
  readonly covered: number;
  /** Whether it is known how far it has come. */
  readonly hasAnswered: boolean;
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
  const { ask, counted, now, onCovered, onFailure, onRecovery, signal } = options;
  let covered = 0;
  let hasAnswered = false;
  let failure: ReplicaFailure | null = null;
  let running: Promise<void> | undefined;

  const follow = async (): Promise<void> => {
    do {
      const asked = now();
      try {
        const found = Math.min(await ask(), counted());
        if (failure !== null) onRecovery();
        failure = null;
        hasAnswered = true;
        if (found > covered) onCovered((covered = found));
      } catch (error) {
        failure = { since: failure?.since ?? asked, error };
        onFailure(error);
      }
      if (covered < counted()) await pause(failure ? RETRY_AFTER_MS : ASK_EVERY_MS, signal);
    } while (covered < counted() && !signal.aborted);
  };
  const look = (): void => {
    if (signal.aborted) return;
    running ??= follow().finally(() => {
      running = undefined;
      wake();
    });
  };
  const wake = (): void => {
    if (covered < counted()) look();
  };
  return {
    get covered() {
      return covered;
    },
    get hasAnswered() {
      return hasAnswered;
    },
    get failure() {
      return failure;
    },
    wake,
    look,
    ended: async () => running,
  };
}
