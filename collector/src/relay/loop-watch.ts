import type { Logger } from 'pino';
import type { Guard } from '../access/request-guard.js';
import { ProblemError } from '../errors.js';
import { MOST_RELAYS, RELAYED_BY } from '../rules/relays.js';
import { readRelayedBy } from './relayed-by.js';
import type { Trouble } from './trouble.js';

export interface LoopWatchParts {
  /** The name of this relay among others: of chance, and of this process. */
  readonly instance: string;
  readonly now: () => Date;
  readonly logger: Pick<Logger, 'warn'>;
}

/** Knows whether the way to the collector leads in a circle. */
export interface LoopWatch {
  /** Refuses what has come by this relay before, or by too many. */
  readonly guard: Guard;
  /** A relay on the way has refused what this one passed on. */
  refused(): void;
  /** There while the last sign of a circle is not long ago. */
  readonly trouble: Trouble | undefined;
}

/** Longer than any pause between two attempts. */
const REMEMBERED_MS = 5 * 60_000;

const BACK_HERE = 'the way of --to leads in a circle, back to this relay';
const REFUSED = `the way of --to leads in a circle of relays, or by more than ${MOST_RELAYS}`;

/** Creates a watch that has seen nothing. */
export function createLoopWatch({ instance, now, logger }: LoopWatchParts): LoopWatch {
  let seen: { readonly since: number; readonly at: number; readonly reason: string } | undefined;
  const present = (): typeof seen =>
    seen !== undefined && now().getTime() - seen.at < REMEMBERED_MS ? seen : undefined;
  const note = (reason: string): void => {
    const at = now().getTime();
    const before = present();
    if (before === undefined) logger.warn(`${reason}: it must end at a collector`);
    seen = { since: before?.since ?? at, at, reason };
  };
  return {
    guard: ({ headers }) => {
      const names = readRelayedBy(headers);
      if (names.includes(instance)) {
        note(BACK_HERE);
        throw new ProblemError(
          'loop_detected',
          `This came by this relay before, as ${RELAYED_BY} says: --to of a relay on the way leads back to it.`,
        );
      }
      if (names.length < MOST_RELAYS) return Promise.resolve();
      throw new ProblemError(
        'loop_detected',
        `This came by ${names.length} relays, as ${RELAYED_BY} says; ${MOST_RELAYS} are allowed.`,
      );
    },
    refused: () => note(REFUSED),
    get trouble() {
      const found = present();
      return found && { since: found.since, reason: found.reason, isCertain: true };
    },
  };
}
