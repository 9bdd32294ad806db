import type { Logger } from 'pino';
import { PERFORMANCE } from '../logs/log-names.js';
import type { HttpSeries, HttpTimes } from '../performance/http-times.js';
import {
  LATENCY_BUCKETS,
  LATENCY_EDGES_MS,
  type Latencies,
  noLatencies,
  quantileOf,
} from '../performance/latencies.js';

/** Logs how long requests took, for each route and class of status that was answered. */
export interface PerformanceLog {
  /** Logs what was answered since the last time. */
  tell(): void;
}

/** Creates the log. It counts nothing itself, so that a request costs nothing more. */
export function createPerformanceLog(
  logger: Pick<Logger, 'info'>,
  times: Pick<HttpTimes, 'series'>,
): PerformanceLog {
  const told = new Map<HttpSeries, { readonly counts: Latencies; readonly sumMs: number }>();
  return {
    tell: () => {
      for (const series of times.series) {
        const before = told.get(series);
        const counts = noLatencies();
        let requests = 0;
        for (let at = 0; at < LATENCY_BUCKETS; at++) {
          const n = (series.counts[at] ?? 0) - (before?.counts[at] ?? 0);
          counts[at] = n;
          requests += n;
        }
        if (requests === 0) continue;
        const { route, status, sumMs } = series;
        told.set(series, { counts: series.counts.slice(), sumMs });
        const figures = {
          ...{ route, status, requests },
          mean_ms: round((sumMs - (before?.sumMs ?? 0)) / requests),
          p50_ms: quantileOf(counts, 0.5, LONGEST_MS),
          p99_ms: quantileOf(counts, 0.99, LONGEST_MS),
          max_ms: quantileOf(counts, 1, LONGEST_MS),
        };
        logger.info(figures, PERFORMANCE);
      }
    },
  };
}

/** What took longer is told as this. */
const LONGEST_MS = LATENCY_EDGES_MS.at(-1) ?? Infinity;

const round = (ms: number): number => Math.round(ms * 100) / 100;
