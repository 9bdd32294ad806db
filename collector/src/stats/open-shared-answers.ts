import type { Logger } from 'pino';
import { createFailureLog } from '../logs/failure-log.js';
import { VERSION } from '../version.js';
import { loadRedis } from '../shared-answers/load-redis.js';
import {
  type CacheFailure,
  type CacheTrouble,
  createPatientCache,
} from '../shared-answers/patient-cache.js';
import { createSeal } from '../shared-answers/seal.js';
import {
  createSharedAnswers,
  MAX_AGE_MS,
  MAX_VALUE_BYTES,
  type SharedAnswers,
} from './shared-answers.js';

/** Answers that collectors have from each other, by a cache that is connected. */
export interface OpenedSharedAnswers extends SharedAnswers {
  /** Since when the cache does not help, and why. */
  trouble(): CacheTrouble | undefined;
  close(): void;
}

/** Why an answer was not had from the cache, or not put into it. */
export type SharingFailure = CacheFailure | 'forged';

export interface OpenSharedAnswersOptions {
  /** Of the cache, as `redis://…`. */
  readonly address: string;
  readonly pepper: Uint8Array;
  /** Options of the collector that answers depend on. */
  readonly circumstances: readonly (string | number)[];
  readonly waitMs: number;
  readonly logger: Logger;
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  readonly onFailure: (kind: SharingFailure) => void;
}

/** Connects to the cache. One that is away delays the start by seconds at most, and is connected later. */
export async function openSharedAnswers(
  options: OpenSharedAnswersOptions,
): Promise<OpenedSharedAnswers> {
  const { address, pepper, circumstances, waitMs, logger, now, monotonicMs, onFailure } = options;
  const failures = createFailureLog({ logger, now });
  const seal = createSeal(pepper);
  const cache = createPatientCache({
    open: await loadRedis(address),
    probeName: seal.nameOf('probe'),
    ...{ waitMs, now, monotonicMs, maxBytes: MAX_VALUE_BYTES, keptMs: MAX_AGE_MS },
    onFailure: (kind, error) => {
      onFailure(kind);
      failures.failed(error, 'the cache does not help', { kind });
    },
    onRecovery: () => failures.ended('the cache does not help', 'the cache helps again'),
  });
  const answers = createSharedAnswers({
    cache,
    seal,
    circumstances: [VERSION, ...circumstances],
    onForged: () => {
      onFailure('forged');
      failures.failed(
        new Error('It was sealed with another pepper, for another question, or it was changed.'),
        'an answer in the cache is not of a collector',
      );
    },
  });
  await cache.begin();
  return {
    ...answers,
    trouble: () => cache.trouble(),
    close: () => {
      cache.close();
      failures.close();
    },
  };
}
