import { ProblemError } from '../errors.js';
import { QueueFullError } from '../journal/commit-queue.js';
import type { Durability } from '../rules/durability.js';

/** Decides when reports and deletions that are on disk are acknowledged. */
export interface Acknowledging {
  /** Whether any can be acknowledged now, as far as it is known. */
  readonly isPossible: boolean;
  /** @throws If so many entries could not be acknowledged now. Then none may be kept. */
  admit(entries: number): void;
  /**
   * Resolves once everything up to a position of the journal may be acknowledged.
   *
   * @throws `ProblemError` if that takes too long.
   */
  until(position: number): Promise<void>;
}

export interface AcknowledgingParts {
  readonly durability: Durability;
  readonly counting: {
    /** Waits until everything up to a position of the journal is counted. Whether it is. */
    isCounted(position: number, limitMs: number): Promise<boolean>;
    /** Reports on disk that are not counted yet. */
    readonly backlog: number;
    /** Not `null` while nothing can be counted. */
    readonly failure: unknown;
    readonly isAlive: boolean;
  };
  /** Reports that may wait to be counted. */
  readonly maxQueuedReports: number;
  /** How long they may wait, in milliseconds. */
  readonly storeWaitMs: number;
}

export const createAcknowledging = (parts: AcknowledgingParts): Acknowledging =>
  parts.durability === 'store' ? onceCounted(parts) : ON_DISK;

/** What is on disk is acknowledged at once. */
export const ON_DISK: Acknowledging = {
  isPossible: true,
  admit: () => undefined,
  until: () => Promise.resolve(),
};

function onceCounted({
  counting,
  maxQueuedReports,
  storeWaitMs,
}: AcknowledgingParts): Acknowledging {
  const isFailing = (): boolean => counting.failure !== null || !counting.isAlive;
  return {
    get isPossible() {
      return !isFailing();
    },
    admit: (entries) => {
      // Each attempt would leave another copy in the journal, and one without an ID would count.
      if (isFailing()) {
        throw new ProblemError(
          'failing',
          'Nothing of this request was kept, since the store does not take it. Send it again later.',
        );
      }
      if (counting.backlog + entries > maxQueuedReports) {
        throw new QueueFullError('Too many reports wait to be counted.');
      }
    },
    until: async (position) => {
      if (await counting.isCounted(position, storeWaitMs)) return;
      throw new ProblemError(
        isFailing() ? 'failing' : 'busy',
        'What was sent is on the collector’s disk, and the store has not committed it in time. Send ' +
          'it again: each report with a report_id counts once.',
      );
    },
  };
}
