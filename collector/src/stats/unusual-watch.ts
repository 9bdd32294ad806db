import type { Logger } from 'pino';
import type { Projects } from '../access/projects.js';
import type { Counting } from '../counting/counting.js';
import { describeError } from '../logs/logger.js';
import { dateOfDay, DAY_MS, dayOf } from '../rules/day.js';
import { MAX_LATENESS_MS } from '../rules/clock-gap.js';
import type { StoreReader } from '../store/store.js';

export interface UnusualWatchParts {
  readonly counting: Pick<Counting, 'onCounted'>;
  readonly projects: Pick<Projects, 'zoneOf'>;
  readonly store: Pick<StoreReader, 'unusual'>;
  readonly now: () => Date;
  readonly logger: Logger;
}

/** Warns of days with unusually many new people. */
export interface UnusualWatch {
  /** Unusual days of projects within the last 30 days: a figure for metrics. */
  readonly days: number;
  close(): void;
}

/** The least time between two looks, in milliseconds. */
const LOOK_EVERY_MS = 1000;

/** Days in which new people may still turn up: reports may be so late. */
const WATCHED_DAYS = Math.ceil(MAX_LATENESS_MS / DAY_MS);

/** Looks after each count, at most once a second, and logs each day of a project once. */
export function watchUnusual(parts: UnusualWatchParts): UnusualWatch {
  const { counting, projects, store, now, logger } = parts;
  const logged = new Set<string>();
  let days = 0;
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;
  let isDue = false;
  let isClosed = false;

  const look = async (): Promise<void> => {
    const today = dayOf(now().getTime(), projects.zoneOf(null));
    // Today may be another day in the zone of a project.
    const found = await store.unusual({
      project: null,
      from: today - WATCHED_DAYS,
      to: today + 1,
    });
    days = found.filter(({ project }) => project !== null).length;
    for (const { project, day, n } of found) {
      const key = `${day} ${String(project)}`;
      if (project === null || logged.has(key)) continue;
      logged.add(key);
      logger.warn(
        { project, date: dateOfDay(day), newPeople: n },
        'unusually many new people: they are counted; see headcount-collector clean if they are made up',
      );
    }
  };
  const schedule = (): void => {
    isDue = true;
    if (isClosed || isLooking || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      isLooking = true;
      isDue = false;
      look()
        .catch((error: unknown) => {
          if (!isClosed) logger.error({ error: describeError(error) }, 'no look at unusual days');
        })
        .finally(() => {
          isLooking = false;
          if (isDue) schedule();
        });
    }, LOOK_EVERY_MS).unref();
  };

  const unsubscribe = counting.onCounted(schedule);
  schedule();
  return {
    get days() {
      return days;
    },
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      unsubscribe();
    },
  };
}
