import type { Logger } from 'pino';
import type { App } from './app-types.js';
import { closeServer } from './close-server.js';
import type { Counting } from './counting/counting.js';
import { pause } from './counting/pause.js';
import type { Refusals } from './intake/refusals.js';
import type { OpenedParts } from './opened-parts.js';
import type { CountsPlace } from './store/counts-place.js';

export interface CloseParts {
  readonly app: App;
  readonly refusals: Pick<Refusals, 'close'>;
  readonly counting: Pick<Counting, 'caughtUp' | 'drain'>;
  readonly counts: Pick<CountsPlace, 'kind'>;
  /** All others. */
  readonly parts: Pick<OpenedParts, 'close'>;
  /** For how many seconds from the call on reports are counted in a store that is shared. */
  readonly drainSeconds: number;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
  readonly logger: Logger;
}

/** How long counts in the data folder are waited for, in milliseconds. */
const IN_FOLDER_MS = 5000;

/** How long parts may take to close that a store which does not answer holds up, in milliseconds. */
const HELD_UP_MS = 3000;

/**
 * Refuses new requests, finishes those in flight, counts what the journal has as long as there is time,
 * and closes all parts.
 */
export async function closeCollector(closing: CloseParts): Promise<void> {
  const { app, refusals, counting, counts, parts, monotonicMs, logger } = closing;
  const endsAt = monotonicMs() + closing.drainSeconds * 1000;
  await closeServer(app);
  await refusals.close();
  if (counts.kind === 'sqlite') {
    await counting.caughtUp(IN_FOLDER_MS);
    await parts.close();
    return;
  }
  const { uncounted, uncovered } = await counting.drain(endsAt - monotonicMs());
  if (uncounted + uncovered > 0) {
    logger.warn(
      { uncounted, not_in_replica: uncovered },
      `${uncounted + uncovered} entries stay in the journal until the next start on this folder`,
    );
  }
  const closed = new AbortController();
  await Promise.race([
    parts.close().finally(() => closed.abort()),
    pause(HELD_UP_MS, closed.signal),
  ]);
}
