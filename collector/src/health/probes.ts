import type { Journal } from '../journal/journal.js';
import type { StoreReader } from '../store/store.js';
import { type Finding, PROBE_MS } from './conditions.js';
import { oneAtATime } from '../one-at-a-time.js';

export interface ProbedParts {
  readonly journal: Pick<Journal, 'probe'>;
  readonly store: Pick<StoreReader, 'probe'>;
  /** @throws If nothing can be written to the data folder. */
  readonly probeData: () => Promise<void>;
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
  { journal, store, probeData }: ProbedParts,
  limitMs: number = PROBE_MS,
): Probes {
  const create = (name: string, run: () => Promise<void>): (() => Promise<Finding>) => {
    const ask = oneAtATime(async (): Promise<Finding> => {
      const startedAt = performance.now();
      try {
        await run();
        return { value: Math.round(performance.now() - startedAt) };
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
        return { reason: `${name} does not work${code}.` };
      }
    }, limitMs);
    const hangs = { reason: `${name} has not answered within ${limitMs} ms.`, value: limitMs };
    return async () => (await ask()) ?? hangs;
  };
  return {
    journal: create('The journal', async () => journal.probe()),
    store: create('The store', async () => store.probe()),
    data: create('The data folder', async () => probeData()),
  };
}
