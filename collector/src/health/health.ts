import type { Counting } from '../counting/counting.js';
import { DAY_MS } from '../counting/day.js';
import type { ClockGuard } from '../intake/clock-guard.js';
import type { Journal } from '../journal/journal.js';
import type { StoreReader } from '../store/store-reader.js';

/** How one part does. */
export interface ComponentHealth {
  readonly status: 'ok' | 'failing';
  /** What is wrong, and since when. */
  readonly reason?: string;
}

export interface HealthParts {
  readonly journal: Pick<Journal, 'probe'>;
  readonly counting: Pick<Counting, 'behindSince' | 'isAlive'>;
  readonly store: Pick<StoreReader, 'probe'>;
  readonly clock: Pick<ClockGuard, 'aheadMs'>;
  /** @throws If nothing can be written to the data folder. */
  readonly probeData: () => void;
  readonly now: () => Date;
}

const PROBE_MS = 2000;

/** How long reports may wait to be counted, in milliseconds. */
const MAX_BEHIND_MS = 60_000;

/** The parts that are looked at. */
export type Component = 'journal' | 'counting' | 'store' | 'data' | 'clock';

/**
 * Asks every part for a sign of life, all at once.
 *
 * @param limitMs - How long a part may take to answer, in milliseconds.
 */
export async function examine(
  parts: HealthParts,
  limitMs = PROBE_MS,
): Promise<Record<Component, ComponentHealth>> {
  const { journal, counting, store, probeData, now, clock } = parts;
  const [journalHealth, storeHealth, dataHealth] = await Promise.all([
    probe('The journal', limitMs, () => journal.probe()),
    probe('The store', limitMs, () => store.probe()),
    probe('The data folder', limitMs, probeData),
  ]);
  return {
    journal: journalHealth,
    counting: examineCounting(counting, now()),
    store: storeHealth,
    data: dataHealth,
    clock: examineClock(clock.aheadMs()),
  };
}

function examineCounting(
  { behindSince, isAlive }: HealthParts['counting'],
  now: Date,
): ComponentHealth {
  if (!isAlive) return { status: 'failing', reason: 'Counting has ended.' };
  if (behindSince === null || now.getTime() - behindSince.getTime() <= MAX_BEHIND_MS) {
    return { status: 'ok' };
  }
  return {
    status: 'failing',
    reason: `Reports wait to be counted since ${behindSince.toISOString()}.`,
  };
}

function examineClock(aheadMs: number): ComponentHealth {
  if (aheadMs === 0) return { status: 'ok' };
  return {
    status: 'failing',
    reason:
      `The clock jumped ${Math.round(aheadMs / DAY_MS)} days ahead, and reports are refused. ` +
      'Put it right; if it is right, restart the collector.',
  };
}

async function probe(name: string, limitMs: number, run: () => unknown): Promise<ComponentHealth> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<ComponentHealth>((resolve) => {
    const reason = `${name} has not answered within ${limitMs} ms.`;
    timer = setTimeout(() => resolve({ status: 'failing', reason }), limitMs);
  });
  const attempt = async (): Promise<ComponentHealth> => {
    try {
      await run();
      return { status: 'ok' };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
      return { status: 'failing', reason: `${name} does not work${code}.` };
    }
  };
  try {
    return await Promise.race([attempt(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
