/** The steps of a decade, in hundredths: preferred numbers of ISO 3, at most 15 % apart. */
const STEPS = [
  ...[100, 112, 125, 140, 160, 180, 200, 224, 250, 280],
  ...[315, 355, 400, 450, 500, 560, 630, 710, 800, 900],
];

const DECADES = [0, 1, 2, 3, 4, 5];

/**
 * The upper edges of the buckets that requests are counted in, in milliseconds: from 0.1 ms to
 * 100 seconds.
 */
export const LATENCY_EDGES_MS: readonly number[] = [
  ...DECADES.flatMap((decade) => STEPS.map((step) => (step * 10 ** decade) / 1000)),
  100_000,
];

/** The number of buckets; the last one has what took longer than every edge. */
export const LATENCY_BUCKETS = LATENCY_EDGES_MS.length + 1;

/** How many requests took how long: a count for each of {@link LATENCY_BUCKETS}. */
export type Latencies = Float64Array;

/** No requests. */
export const noLatencies = (): Latencies => new Float64Array(LATENCY_BUCKETS);

/** The bucket of a request: that of the first edge which it did not exceed. */
export function bucketOf(ms: number): number {
  let [low, high] = [0, LATENCY_EDGES_MS.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ms <= (LATENCY_EDGES_MS[middle] ?? Infinity)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Adds counts to others. */
export function addLatencies(sums: Latencies, added: Latencies): void {
  for (let at = 0; at < LATENCY_BUCKETS; at++) sums[at] = (sums[at] ?? 0) + (added[at] ?? 0);
}

/**
 * How long the given share of requests took at most: the upper edge of the bucket that the request
 * at this rank is in. So it is never too small, and at most 15 % too large.
 *
 * @param share - From 0 to 1, such as 0.99.
 * @param maxMs - The longest that any of them took: no share took longer.
 * @returns `null` without requests.
 */
export function quantileOf(counts: Latencies, share: number, maxMs: number): number | null {
  const all = counts.reduce((sum, n) => sum + n, 0);
  if (all === 0) return null;
  const rank = Math.max(1, Math.ceil(share * all));
  let sum = 0;
  for (let at = 0; at < LATENCY_BUCKETS; at++) {
    sum += counts[at] ?? 0;
    if (sum >= rank) return Math.min(LATENCY_EDGES_MS[at] ?? maxMs, maxMs);
  }
  return maxMs;
}
