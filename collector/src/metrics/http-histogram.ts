import type { Labels } from './tally.js';
import { bucketOf, LATENCY_EDGES_MS } from '../performance/latencies.js';
import type { HttpSeries } from '../performance/http-times.js';
import { HTTP_SECONDS } from './families.js';

/** A line of a histogram. */
export interface HistogramLine {
  readonly metricName: string;
  readonly labels: Labels;
  readonly value: number;
}

/** For each bucket of Prometheus, the last of our finer buckets that belongs to it. */
const LAST_BUCKETS = HTTP_SECONDS.buckets.map((seconds) => {
  const bucket = bucketOf(seconds * 1000);
  if (LATENCY_EDGES_MS[bucket] === seconds * 1000) return bucket;
  throw new Error(`No bucket of requests ends at ${seconds} s.`);
});

/** The lines of the histogram of requests, with counts that add up from bucket to bucket. */
export function toHistogram(series: readonly HttpSeries[]): HistogramLine[] {
  const { name, buckets } = HTTP_SECONDS;
  return series.flatMap(({ route, status, counts, sumMs }) => {
    const labels = { route, status };
    const sums = runningSums(counts);
    const all = sums.at(-1) ?? 0;
    return [
      ...buckets.map((seconds, at) => ({
        metricName: `${name}_bucket`,
        labels: { ...labels, le: String(seconds) },
        value: sums[LAST_BUCKETS[at] ?? 0] ?? 0,
      })),
      { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: all },
      { metricName: `${name}_sum`, labels, value: sumMs / 1000 },
      { metricName: `${name}_count`, labels, value: all },
    ];
  });
}

function runningSums(counts: Float64Array): number[] {
  let sum = 0;
  return Array.from(counts, (n) => (sum += n));
}
