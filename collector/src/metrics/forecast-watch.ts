import { isRecord } from '../is-record.js';
import { dateOfDay, dayOf, type Zone } from '../rules/day.js';

/** What was expected of the last complete day of a project, and what came. */
export interface ForecastFigures {
  readonly project: string;
  /** 95 of 100 ordinary days lie between these two. */
  readonly low: number;
  readonly high: number;
  readonly observed: number;
  /** Whether it is outside of what 99 of 100 ordinary days are. */
  readonly isLeft: boolean;
}

export interface ForecastWatchParts {
  /** Asks the collector from within. */
  readonly ask: (
    path: string,
    isExpected: (body: unknown) => body is ForecastBody,
  ) => Promise<ForecastBody>;
  readonly zoneOf: (project: string) => Zone;
  readonly now: () => Date;
  /** Milliseconds of a monotonic clock. */
  readonly monotonicMs: () => number;
}

/** Knows the forecasts of projects as of the last hour. */
export interface ForecastWatch {
  /** What is known now. If it is older than an hour, it is asked for anew, and known later. */
  figuresOf(projects: readonly string[]): readonly ForecastFigures[];
}

/** A forecast takes some 20 ms in a thread of questions, and changes once a day. */
const REFRESH_MS = 60 * 60 * 1000;

/** Creates the watch. It asks nothing until somebody scrapes. */
export function createForecastWatch(parts: ForecastWatchParts): ForecastWatch {
  const { ask, zoneOf, now, monotonicMs } = parts;
  let known = new Map<string, ForecastFigures>();
  let refreshedMs = -Infinity;
  let isRefreshing = false;

  const refresh = async (projects: readonly string[]): Promise<void> => {
    const found = new Map<string, ForecastFigures>();
    for (const project of projects) {
      const date = dateOfDay(dayOf(now().getTime(), zoneOf(project)) - 1);
      const query = new URLSearchParams({ project, from: date, to: date }).toString();
      const { rows } = await ask(`/v1/stats/forecast?${query}`, isForecast);
      const [row] = rows;
      if (row === undefined || row.low === null || row.high === null) continue;
      if (row.observed === null) continue;
      found.set(project, {
        ...{ project, low: row.low, high: row.high, observed: row.observed },
        isLeft: row.flags.includes('low') || row.flags.includes('high'),
      });
    }
    known = found;
  };
  return {
    figuresOf: (projects) => {
      if (!isRefreshing && monotonicMs() - refreshedMs >= REFRESH_MS && projects.length > 0) {
        isRefreshing = true;
        refreshedMs = monotonicMs();
        refresh(projects)
          .catch(() => {
            // Busy, or closing: the figures of before stay, and the next hour asks again.
          })
          .finally(() => {
            isRefreshing = false;
          });
      }
      return projects.flatMap((project) => known.get(project) ?? []);
    },
  };
}

/** The answer to `GET /v1/stats/forecast`, as far as it is read here. */
export interface ForecastBody {
  readonly rows: readonly {
    readonly low: number | null;
    readonly high: number | null;
    readonly observed: number | null;
    readonly flags: readonly string[];
  }[];
}

const isForecast = (body: unknown): body is ForecastBody =>
  isRecord(body) &&
  Array.isArray(body['rows']) &&
  body['rows'].every((row) => isRecord(row) && Array.isArray(row['flags']));
