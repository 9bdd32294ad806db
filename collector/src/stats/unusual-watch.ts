import type { Logger } from 'pino';
import type { Projects } from '../access/projects.js';
import type { Counting } from '../counting/counting.js';
import { createFailureLog } from '../logs/failure-log.js';
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

/** A day of a project with unusually many new people. */
export interface ProjectDay {
  readonly project: string;
  /** Numbered since 1970. */
  readonly day: number;
  /** The new people. */
  readonly n: number;
}

/** Warns of days with unusually many new people. */
export interface UnusualWatch {
  /** The unusual days of projects within the last 30 days, as of the last look. */
  readonly found: readonly ProjectDay[];
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
  let found: readonly ProjectDay[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;
  let isDue = false;
  let isClosed = false;
  const failures = createFailureLog({ logger });

  const look = async (): Promise<void> => {
    const today = dayOf(now().getTime(), projects.zoneOf(null));
    // Today may be another day in the zone of a project.
    const days = await store.unusual({
      project: null,
      from: today - WATCHED_DAYS,
      to: today + 1,
    });
    found = days.flatMap(({ project, ...one }) => (project === null ? [] : [{ project, ...one }]));
    for (const { project, day, n } of found) {
      const key = `${day} ${project}`;
      if (logged.has(key)) continue;
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
          if (!isClosed) failures.failed(error, 'no look at unusual days');
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
    get found() {
      return found;
    },
    close: () => {
      isClosed = true;
      failures.close();
      clearTimeout(timer);
      unsubscribe();
    },
  };
}
