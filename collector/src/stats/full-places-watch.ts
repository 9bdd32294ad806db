import type { Logger } from 'pino';
import type { Counting } from '../counting/counting.js';
import { createFailureLog } from '../logs/failure-log.js';
import type { FullPlaces } from '../store/questions.js';
import type { StoreReader } from '../store/store.js';

export interface FullPlacesWatchParts {
  readonly counting: Pick<Counting, 'onCounted'>;
  readonly store: Pick<StoreReader, 'fullPlaces'>;
  readonly logger: Logger;
  /**
   * The least time between two looks, in milliseconds.
   *
   * @default 60 000
   */
  readonly lookEveryMs?: number;
}

/** Warns of dimensions and projects that have hardly any room for new values. */
export interface FullPlacesWatch {
  /** What is over 80 % full, as of the last look: a figure for metrics. */
  readonly full: readonly FullPlaces[];
  close(): void;
}

/** Looks after counts, and logs what has become nearly full, and what is so no more, once each. */
export function watchFullPlaces(parts: FullPlacesWatchParts): FullPlacesWatch {
  const { counting, store, logger, lookEveryMs = 60_000 } = parts;
  let full: readonly FullPlaces[] = [];
  let logged = new Map<string, FullPlaces>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const failures = createFailureLog({ logger });

  const look = async (): Promise<void> => {
    full = await store.fullPlaces({ project: null });
    const now = new Map(full.map((one) => [`${one.project}\n${one.of}\n${one.dimension}`, one]));
    for (const [key, one] of now) {
      if (logged.has(key)) continue;
      logger.warn(
        one,
        'over 80 % full: rare values will become other when the day closes; a manifest that lists the values keeps made-up ones out',
      );
    }
    for (const [key, one] of logged) if (!now.has(key)) logger.info(one, 'has room again');
    logged = now;
  };
  const schedule = (): void => {
    if (isClosed) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      look().catch((error: unknown) => {
        if (!isClosed) failures.failed(error, 'no look at full dimensions');
      });
    }, lookEveryMs).unref();
  };

  const unsubscribe = counting.onCounted(schedule);
  schedule();
  return {
    get full() {
      return full;
    },
    close: () => {
      isClosed = true;
      failures.close();
      clearTimeout(timer);
      unsubscribe();
    },
  };
}
