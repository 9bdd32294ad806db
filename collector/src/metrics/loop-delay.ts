import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the main thread came to what was due. */
export interface LoopDelay {
  readonly p99Seconds: number;
  readonly maxSeconds: number;
}

/** How often it is measured, in milliseconds: 20 times a second is not felt. */
const RESOLUTION_MS = 50;

/** A window; the one before is told too, so that no scrape misses what another has seen. */
const WINDOW_MS = 60_000;

/** Measures the event loop's delay over the last one to two minutes, from the first call on. */
export function createLoopDelay(
  nowMs: () => number = () => performance.now(),
): () => LoopDelay | undefined {
  let histogram: IntervalHistogram | undefined;
  let beganMs = 0;
  let before: LoopDelay = { p99Seconds: 0, maxSeconds: 0 };
  return () => {
    if (histogram === undefined) {
      histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      histogram.enable();
      beganMs = nowMs();
      return undefined;
    }
    const now = read(histogram);
    const told = {
      p99Seconds: Math.max(before.p99Seconds, now.p99Seconds),
      maxSeconds: Math.max(before.maxSeconds, now.maxSeconds),
    };
    if (nowMs() - beganMs >= WINDOW_MS) {
      before = now;
      beganMs = nowMs();
      histogram.reset();
    }
    return told;
  };
}

/** What it measures has the time between two measurements in it. */
const toSeconds = (ns: number): number => Math.max(0, ns / 1e9 - RESOLUTION_MS / 1000);

function read(histogram: IntervalHistogram): LoopDelay {
  if (histogram.count === 0) return { p99Seconds: 0, maxSeconds: 0 };
  return {
    p99Seconds: toSeconds(histogram.percentile(99)),
    maxSeconds: toSeconds(histogram.max),
  };
}
