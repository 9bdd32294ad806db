import type { ForgettableOptions } from './forgettable.js';
import { pause } from './pause.js';

export interface ForgetLaterOptions {
  /** How long entries are kept, in milliseconds. */
  readonly keepMs: number;
  /** Finds the position up to which they are kept no longer. */
  readonly find: (range: Pick<ForgettableOptions, 'before' | 'upTo'>) => Promise<number>;
  readonly forget: (upTo: number) => void;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/** Forgets entries some time after nothing else needs them. */
export interface ForgetLater {
  /** From now on, entries up to a position may go when their time has come. */
  allow(upTo: number): void;
  /** Until then, none may. */
  hold(): void;
}

/** How often it looks for entries whose time has come, in milliseconds. */
const LOOK_EVERY_MS = 5000;

/** Begins to forget, until the signal. */
export function createForgetLater(options: ForgetLaterOptions): ForgetLater {
  const { keepMs, find, forget, now, signal } = options;
  let allowed = 0;
  let holds = 0;
  const step = async (): Promise<void> => {
    const held = holds;
    const upTo = await find({ before: now().getTime() - keepMs, upTo: allowed });
    // What was found before a hold may be needed after it.
    if (held === holds) forget(upTo);
  };
  const run = async (): Promise<void> => {
    for (;;) {
      await pause(LOOK_EVERY_MS, signal);
      if (signal.aborted) return;
      await step().catch(() => undefined); // of a thread that has died, others tell
    }
  };
  void run();
  return {
    allow: (upTo) => {
      allowed = upTo;
    },
    hold: () => {
      allowed = 0;
      holds++;
    },
  };
}
