import { setTimeout as wait } from 'node:timers/promises';
import { REPLICA, type ReplicaPlace } from '../counts-place.js';
import { isStoreDown, StoreDownError } from '../../store-down-error.js';
import { readMark } from './node-mark.js';
import { type HeldState, openStateSource, type StateSource } from './state-source.js';
import { readStoreAddress } from './store-address.js';

/** How long a question waits for what the node has counted, in milliseconds. */
const WAIT_MS = 500;

/** How often it looks meanwhile. */
const STEP_MS = 20;

/** How long a replica may take for one look, in milliseconds. */
const ANSWER_MS = 2000;

/** How long a replica that does not answer is not asked, in milliseconds. */
const AWAY_MS = 5000;

/**
 * States of a replica that has all that the node has counted; where it does not have it in time or
 * does not answer, of the primary. Once it was waited for in vain, nobody waits until it is seen close.
 *
 * @param max - States that are held at the same time.
 */
export function preferReplica(
  primary: StateSource,
  { address, node = '', needed }: ReplicaPlace,
  max: number,
): StateSource {
  const replica = openStateSource(readStoreAddress(address), max);
  const shared = new BigInt64Array(needed);
  let askFrom = 0;

  const holdUpToDate = async (): Promise<HeldState | undefined> => {
    const held = await replica.hold();
    const mark = await readMark(held, node);
    if (mark >= Number(Atomics.load(shared, REPLICA.mark))) return held;
    await held.end();
    return undefined;
  };
  const holdReplica = async (): Promise<HeldState | undefined> => {
    const startMs = performance.now();
    if (startMs < askFrom) return undefined;
    try {
      for (;;) {
        const held = await inTime(holdUpToDate());
        if (held !== undefined) return held;
        if (performance.now() - startMs >= WAIT_MS) Atomics.store(shared, REPLICA.behind, 1n);
        if (Atomics.load(shared, REPLICA.behind) !== 0n) break;
        await wait(STEP_MS);
      }
    } catch (error) {
      if (!isStoreDown(error)) throw error;
      askFrom = performance.now() + AWAY_MS;
    }
    return undefined;
  };
  return {
    hold: async () => (await holdReplica()) ?? primary.hold(),
    fallback: primary,
    close: async () => void (await Promise.all([replica.close(), primary.close()])),
  };
}

/** Gives a replica up that does not answer: it may be gone without a word. */
async function inTime(holding: Promise<HeldState | undefined>): Promise<HeldState | undefined> {
  const timer = new AbortController();
  const late = wait(ANSWER_MS, LATE, { signal: timer.signal });
  const held = await Promise.race([holding, late]);
  if (held === LATE) {
    // It gives its connection back when it comes after all.
    void holding.then((state) => state?.end()).catch(() => undefined);
    throw new StoreDownError('The replica does not answer.');
  }
  timer.abort();
  await late.catch(() => undefined); // aborted
  return held;
}

const LATE = Symbol('late');
