/** Errors by time. However far their times lie apart, they take little memory. */
export interface ErrorTimes {
  /** @param at - Milliseconds since 1970. */
  add(at: number): void;
  /** The errors of a span in windows of one length, the oldest first. */
  windows(from: number, to: number): ErrorWindows;
}

export interface ErrorWindows {
  readonly begin: number;
  readonly stepMs: number;
  readonly counts: readonly number[];
}

/** Windows that a span is shown in. */
const WINDOWS = 48;

/** The least length of a window, in milliseconds. */
const MINUTE_MS = 60_000;

/** Counts that are kept. Beyond it, two neighbours become one. */
const MAX_COUNTS = 10_000;

/** Creates the counts, all at 0. */
export function createErrorTimes(): ErrorTimes {
  let counts = new Map<number, number>();
  let lengthMs = MINUTE_MS;
  const addTo = (bucket: number, n: number): void => {
    counts.set(bucket, (counts.get(bucket) ?? 0) + n);
  };
  return {
    add: (at) => {
      addTo(Math.floor(at / lengthMs), 1);
      if (counts.size <= MAX_COUNTS) return;
      lengthMs *= 2;
      const before = counts;
      counts = new Map();
      for (const [bucket, n] of before) addTo(Math.floor(bucket / 2), n);
    },
    windows: (from, to) => {
      const begin = Math.floor(from / MINUTE_MS) * MINUTE_MS;
      const minutes = Number.isFinite(to - begin) ? Math.floor((to - begin) / MINUTE_MS) + 1 : 0;
      const stepMs = Math.max(1, Math.ceil(minutes / WINDOWS)) * MINUTE_MS;
      const windows = new Array<number>(Math.ceil((minutes * MINUTE_MS) / stepMs)).fill(0);
      for (const [bucket, n] of counts) {
        const at = Math.max(0, Math.floor((bucket * lengthMs - begin) / stepMs));
        windows[at] = (windows[at] ?? 0) + n;
      }
      return { begin, stepMs, counts: windows };
    },
  };
}
