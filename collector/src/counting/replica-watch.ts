import { pause } from './pause.js';

export interface ReplicaWatchOptions {
  /** Asks the replica up to which position it has the journal counted. */
  readonly ask: () => Promise<number>;
  /** The position up to which the primary has it counted. */
  readonly counted: () => number;
  /** Called whenever the replica has more. */
  readonly onCovered: (position: number) => void;
  /** Called when the replica does not answer. It is asked again. */
  readonly onFailure: (error: unknown) => void;
  /** Called when it answers after that. */
  readonly onRecovery: () => void;
  readonly signal: AbortSignal;
}

/** Follows how far a replica has come, as long as it is behind. */
export interface ReplicaWatch {
  /** The position up to which the replica has the journal counted. */
  readonly covered: number;
  /** Must be called when more is counted. */
  wake(): void;
  /** Resolves when it has ended after the signal. */
  ended(): Promise<void>;
}

const ASK_EVERY_MS = 100;
const RETRY_AFTER_MS = 1000;

/** Creates a watch, which begins with `wake()`. */
export function watchReplica(options: ReplicaWatchOptions): ReplicaWatch {
  const { ask, counted, onCovered, onFailure, onRecovery, signal } = options;
  let covered = 0;
  let hasFailed = false;
  let running: Promise<void> | undefined;

  const follow = async (): Promise<void> => {
    while (covered < counted() && !signal.aborted) {
      try {
        const found = Math.min(await ask(), counted());
        if (hasFailed) onRecovery();
        hasFailed = false;
        if (found > covered) onCovered((covered = found));
      } catch (error) {
        hasFailed = true;
        onFailure(error);
      }
      if (covered < counted()) await pause(hasFailed ? RETRY_AFTER_MS : ASK_EVERY_MS, signal);
    }
  };
  const wake = (): void => {
    if (signal.aborted || covered >= counted()) return;
    running ??= follow().finally(() => {
      running = undefined;
      wake();
    });
  };
  return {
    get covered() {
      return covered;
    },
    wake,
    ended: async () => running,
  };
}
