/** Counts of lines by level and of errors, and how many errors are usual. */
export interface ErrorRate {
  /**
   * Counts a line, by the number that pino has for its level.
   *
   * @param failures - How many failures it tells of, if it is about an error. @default 1
   */
  add(level: number, failures?: number): void;
  /** Lines since the start, by level. */
  readonly lines: Readonly<Record<CountedLevel, number>>;
  figures(): ErrorFigures;
}

/** Levels that are counted. */
export const COUNTED_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

/** One of {@link COUNTED_LEVELS}. */
export type CountedLevel = (typeof COUNTED_LEVELS)[number];

/** The errors of the last hour beside those of the hours before. */
export interface ErrorFigures {
  /** Failures that lines of the levels error and fatal tell of in the last hour, to ten minutes. */
  readonly lastHour: number;
  /** The median of the hours before, of 7 days at most; `null` in the first day. */
  readonly usual: number | null;
  /** More than so many in an hour are unusual. */
  readonly threshold: number;
  readonly isUnusual: boolean;
}

/** The length of a bucket, in milliseconds. */
const BUCKET_MS = 10 * 60 * 1000;

/** Buckets of an hour. */
const HOUR = 6;

/** Buckets of seven days, and of the last hour. */
const BUCKETS = 7 * 24 * HOUR + HOUR;

/** Hours that must be known before any number of errors is usual. */
const LEAST_HOURS = 24;

/** So many errors in an hour are never unusual. */
const LEAST_ERRORS = 10;

/** So many times the usual number is unusual. */
const TIMES = 3;

const ERROR = 50;

/** Creates the counts, all at 0. They are in memory, so a restart forgets what was usual. */
export function createErrorRate(monotonicMs: () => number): ErrorRate {
  const startedMs = monotonicMs();
  const errors = new Uint32Array(BUCKETS);
  let newest = 0;
  const lines = { trace: 0, debug: 0, info: 0, warn: 0, error: 0, fatal: 0 };
  const catchUp = (): void => {
    const bucket = Math.floor((monotonicMs() - startedMs) / BUCKET_MS);
    if (bucket - newest >= BUCKETS) errors.fill(0);
    else while (newest < bucket) errors[++newest % BUCKETS] = 0;
    newest = Math.max(newest, bucket);
  };
  /** The errors in the hour whose last bucket it is. */
  const hourTo = (bucket: number): number =>
    Array.from({ length: HOUR }, (_, back) => bucket - back)
      .filter((one) => one >= 0)
      .reduce((sum, one) => sum + (errors[one % BUCKETS] ?? 0), 0);
  return {
    lines,
    add: (level, failures = 1) => {
      const name = COUNTED_LEVELS[Math.min(Math.max(Math.floor(level / 10), 1), 6) - 1] ?? 'info';
      lines[name]++;
      if (level < ERROR) return;
      catchUp();
      const at = newest % BUCKETS;
      errors[at] = (errors[at] ?? 0) + failures;
    },
    figures: () => {
      catchUp();
      const lastHour = hourTo(newest);
      const hours: number[] = [];
      for (let to = newest - HOUR; to >= HOUR - 1 && to - HOUR >= newest - BUCKETS; to -= HOUR) {
        hours.push(hourTo(to));
      }
      const usual = hours.length < LEAST_HOURS ? null : medianOf(hours);
      const threshold = Math.max(LEAST_ERRORS, TIMES * (usual ?? 0));
      return { lastHour, usual, threshold, isUnusual: lastHour > threshold };
    },
  };
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}
