import { quantileOf } from './latencies.js';
import { addSample, MINUTE_MS, noSamples, type PerformanceSample } from './sample.js';

/** Minutes since 1970, multiples of the interval: `to` is not part of it. */
export interface PerformanceSpan {
  readonly from: number;
  readonly to: number;
  /** How long a row is, in minutes. */
  readonly interval: number;
}

/** How the collector performed in an interval. What cannot be said is `null`. */
export interface PerformanceRow {
  readonly start: string;
  readonly end: string;
  /** How much of the interval the samples cover: 0 while no collector ran. */
  readonly covered_seconds: number;
  readonly requests: number;
  readonly requests_per_second: number | null;
  readonly reports: number;
  readonly reports_per_second: number | null;
  readonly errors: number;
  readonly error_ratio: number | null;
  readonly latency_p50_ms: number | null;
  readonly latency_p99_ms: number | null;
  readonly latency_max_ms: number | null;
  readonly cpu_percent: number | null;
  readonly cpu_max_percent: number | null;
  readonly memory_max_bytes: number | null;
}

/**
 * One row for each interval, also for those without a sample. Percentiles are those of all requests
 * of the interval: the histograms of its minutes are added up, and no percentile is averaged.
 *
 * @param samples - In the order of their minutes.
 */
export function aggregate(
  samples: Iterable<PerformanceSample>,
  { from, to, interval }: PerformanceSpan,
): PerformanceRow[] {
  const rows: PerformanceRow[] = [];
  let start = from;
  let sum = noSamples(start);
  const finish = (): void => {
    rows.push(toRow(sum, start, interval));
    start += interval;
    sum = noSamples(start);
  };
  for (const sample of samples) {
    if (sample.minute < from || sample.minute >= to) continue;
    while (sample.minute >= start + interval) finish();
    addSample(sum, sample);
  }
  while (start < to) finish();
  return rows;
}

function toRow(sum: PerformanceSample, minute: number, interval: number): PerformanceRow {
  const { coveredMs, latencies, maxMs, errors, reports, cpuMs, maxCpu, maxMemoryBytes } = sum;
  const requests = latencies.reduce((all, n) => all + n, 0);
  const isKnown = coveredMs > 0;
  const perSecond = (n: number): number | null =>
    isKnown ? round(n / (coveredMs / 1000), 3) : null;
  return {
    start: new Date(minute * MINUTE_MS).toISOString(),
    end: new Date((minute + interval) * MINUTE_MS).toISOString(),
    covered_seconds: round(coveredMs / 1000, 3),
    requests,
    requests_per_second: perSecond(requests),
    reports,
    reports_per_second: perSecond(reports),
    errors,
    error_ratio: requests === 0 ? null : round(errors / requests, 6),
    latency_p50_ms: quantileOf(latencies, 0.5, maxMs),
    latency_p99_ms: quantileOf(latencies, 0.99, maxMs),
    latency_max_ms: requests === 0 ? null : maxMs,
    cpu_percent: isKnown ? round((100 * cpuMs) / coveredMs, 2) : null,
    cpu_max_percent: isKnown ? round(100 * maxCpu, 2) : null,
    memory_max_bytes: isKnown ? maxMemoryBytes : null,
  };
}

const round = (value: number, places: number): number =>
  Math.round(value * 10 ** places) / 10 ** places;
