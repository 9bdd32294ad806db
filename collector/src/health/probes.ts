import type { Journal } from '../journal/journal.js';
import type { StoreReader } from '../store/store.js';
import { reasonOf, told, toldError } from './causes.js';
import { type Finding, PROBE_MS } from './conditions.js';
import { oneAtATime } from '../one-at-a-time.js';
import { isFull } from '../sqlite/failure.js';

/**
 * A disk that was full is well again with so much room, in bytes. With less, a small write succeeds
 * now and then, and the next report fails.
 */
const LEAST_ROOM_BYTES = 1024 ** 2;

export interface ProbedParts {
  readonly journal: Pick<Journal, 'probe'>;
  readonly store: Pick<StoreReader, 'probe'>;
  /** @throws If nothing can be written to the data folder. */
  readonly probeData: () => Promise<void>;
  /** What is free on the disk of the data folder, in bytes. */
  readonly roomBytes: () => Promise<number>;
}

/** Asks the parts that can hang. Each resolves in time, whatever its part does. */
export interface Probes {
  readonly journal: () => Promise<Finding>;
  readonly store: () => Promise<Finding>;
  readonly data: () => Promise<Finding>;
}

/**
 * Creates the probes.
 *
 * @param limitMs - How long a part may take to answer, in milliseconds.
 */
export function createProbes(
  { journal, store, probeData, roomBytes }: ProbedParts,
  limitMs: number = PROBE_MS,
): Probes {
  const create = (name: string, run: () => Promise<void>): (() => Promise<Finding>) => {
    let full: Error | undefined;
    const ask = oneAtATime(async (): Promise<Finding> => {
      const startedAt = performance.now();
      try {
        if (full !== undefined && (await roomBytes()) < LEAST_ROOM_BYTES) throw full;
        await run();
        full = undefined;
        return { value: Math.round(performance.now() - startedAt) };
      } catch (error) {
        full = error instanceof Error && isFull(error) ? error : undefined;
        return reasonOf([toldError('does_not_work', `${name} does not work`, error)]);
      }
    }, limitMs);
    const late = `${name} has not answered within ${limitMs} ms.`;
    const hangs = {
      ...reasonOf([told('does_not_answer', late, { limit_ms: limitMs })]),
      value: limitMs,
    };
    return async () => (await ask()) ?? hangs;
  };
  return {
    journal: create('The journal', async () => journal.probe()),
    store: create('The store', async () => store.probe()),
    data: create('The data folder', async () => probeData()),
  };
}
