import fc from 'fast-check';
import { expect, it } from 'vitest';
import { aggregate } from '../../src/performance/aggregate.js';
import { bucketOf, LATENCY_EDGES_MS, noLatencies } from '../../src/performance/latencies.js';
import { packLatencies, unpackLatencies } from '../../src/performance/pack-latencies.js';
import { addSample, noSamples, type PerformanceSample } from '../../src/performance/sample.js';

/** What happened in a minute, request by request. */
interface Minute {
  readonly minute: number;
  readonly coveredMs: number;
  readonly requests: readonly { readonly ms: number; readonly failed: boolean }[];
  readonly reports: number;
  readonly cpuShare: number;
  readonly memory: number;
}

const START = 29_000_000;

const minutes = fc.uniqueArray(
  fc.record({
    minute: fc.integer({ min: START, max: START + 300 }),
    coveredMs: fc.integer({ min: 1, max: 60_000 }),
    requests: fc.array(
      fc.record({
        ms: fc.double({ min: 0.01, max: 200_000, noNaN: true }),
        failed: fc.boolean(),
      }),
      { maxLength: 30 },
    ),
    reports: fc.integer({ min: 0, max: 1_000_000 }),
    cpuShare: fc.double({ min: 0, max: 4, noNaN: true }),
    memory: fc.integer({ min: 1, max: 2 ** 31 }),
  }),
  { selector: ({ minute }) => minute, maxLength: 40 },
);

function toSample(one: Minute): PerformanceSample {
  const latencies = noLatencies();
  for (const { ms } of one.requests) {
    const bucket = bucketOf(ms);
    latencies[bucket] = (latencies[bucket] ?? 0) + 1;
  }
  return {
    ...{ minute: one.minute, coveredMs: one.coveredMs, latencies, reports: one.reports },
    maxMs: Math.max(0, ...one.requests.map(({ ms }) => ms)),
    errors: one.requests.filter(({ failed }) => failed).length,
    cpuMs: one.cpuShare * one.coveredMs,
    ...{ maxCpu: one.cpuShare, maxMemoryBytes: one.memory },
  };
}

/** The value at the nearest rank of all requests, each by itself. */
function naiveQuantile(ms: readonly number[], share: number): number | null {
  const sorted = [...ms].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? null;
}

const sum = (values: readonly number[]): number => values.reduce((all, n) => all + n, 0);

/** Buckets end at most so much later than they begin; the first one begins at 0. */
const COARSE = 1.15;
const FIRST_MS = 0.1;

it('says of each interval what its requests say, one by one', () => {
  const question = fc.record({
    first: fc.integer({ min: START - 20, max: START + 200 }),
    rows: fc.integer({ min: 1, max: 30 }),
    interval: fc.constantFrom(1, 5, 15, 60, 360),
  });
  fc.assert(
    fc.property(minutes, question, (all, { first, rows: n, interval }) => {
      const from = Math.floor(first / interval) * interval;
      const to = from + n * interval;
      const samples = [...all].sort((a, b) => a.minute - b.minute).map(toSample);
      const rows = aggregate(samples, { from, to, interval });
      expect(rows).toHaveLength(n);
      for (const [at, row] of rows.entries()) {
        const start = from + at * interval;
        expect(Date.parse(row.start)).toBe(start * 60_000);
        expect(Date.parse(row.end)).toBe((start + interval) * 60_000);
        const own = all.filter(({ minute }) => minute >= start && minute < start + interval);
        const requests = own.flatMap((one) => one.requests);
        const seconds = sum(own.map(({ coveredMs }) => coveredMs)) / 1000;
        const failed = requests.filter((one) => one.failed).length;
        expect(row).toMatchObject({
          requests: requests.length,
          errors: failed,
          reports: sum(own.map(({ reports }) => reports)),
          latency_max_ms: requests.length === 0 ? null : Math.max(...requests.map(({ ms }) => ms)),
          memory_max_bytes: own.length === 0 ? null : Math.max(...own.map((one) => one.memory)),
        });
        expect(row.covered_seconds).toBeCloseTo(seconds, 2);
        if (seconds === 0) expect([row.requests_per_second, row.cpu_percent]).toEqual([null, null]);
        else {
          expect(row.requests_per_second).toBeCloseTo(requests.length / seconds, 2);
          const used = sum(own.map(({ cpuShare, coveredMs }) => cpuShare * coveredMs));
          expect(row.cpu_percent).toBeCloseTo((100 * used) / (seconds * 1000), 1);
        }
        for (const [share, told] of [
          [0.5, row.latency_p50_ms],
          [0.99, row.latency_p99_ms],
        ] as const) {
          const exact = naiveQuantile(
            requests.map(({ ms }) => ms),
            share,
          );
          if (exact === null || told === null) {
            expect(told).toBe(exact);
            continue;
          }
          // Never too small; and at most one bucket too large.
          expect(told).toBeGreaterThanOrEqual(exact);
          const isBeyond = exact > (LATENCY_EDGES_MS.at(-1) ?? 0);
          if (!isBeyond) expect(told).toBeLessThanOrEqual(Math.max(FIRST_MS, exact * COARSE));
        }
      }
    }),
    { numRuns: 100 },
  );
});

it('does not average percentiles: one slow minute among fast ones is not hidden', () => {
  const fast = (minute: number): Minute => ({
    ...{ minute, coveredMs: 60_000, reports: 0, cpuShare: 0, memory: 1 },
    requests: Array.from({ length: 10 }, () => ({ ms: 1, failed: false })),
  });
  const slow: Minute = {
    ...fast(START + 3),
    requests: Array.from({ length: 90 }, () => ({ ms: 1000, failed: false })),
  };
  const samples = [fast(START), fast(START + 1), fast(START + 2), slow].map(toSample);
  const from = START - (START % 60);
  const span = { from, to: from + 120, interval: 60 };
  const row = aggregate(samples, span).find(({ requests }) => requests > 0);
  // A mean of the p99 of four minutes would be 250.
  expect([row?.latency_p50_ms, row?.latency_p99_ms]).toEqual([1000, 1000]);
});

it('adds up the same in any order', () => {
  fc.assert(
    fc.property(fc.tuple(minutes, minutes), ([some, others]) => {
      const [one, other] = [some[0], others[0]];
      fc.pre(one !== undefined && other !== undefined);
      const sumOf = (...samples: PerformanceSample[]): PerformanceSample => {
        const sum = noSamples(START);
        for (const sample of samples) addSample(sum, sample);
        return sum;
      };
      const [a, b] = [toSample(one), toSample(other)];
      expect(sumOf(a, b)).toEqual(sumOf(b, a));
    }),
  );
});

it('keeps every bucket when it is packed', () => {
  const count = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff_ffff }));
  const length = LATENCY_EDGES_MS.length + 1;
  fc.assert(
    fc.property(fc.array(count, { minLength: length, maxLength: length }), (counts) => {
      const latencies = Float64Array.from(counts);
      expect(unpackLatencies(packLatencies(latencies))).toEqual(latencies);
    }),
  );
});

it('has buckets that rise, by 15 % at most', () => {
  expect(LATENCY_EDGES_MS[0]).toBe(0.1);
  expect(LATENCY_EDGES_MS.at(-1)).toBe(100_000);
  for (const [at, edge] of LATENCY_EDGES_MS.entries()) {
    expect([edge, bucketOf(edge)]).toEqual([edge, at]);
    expect(bucketOf(edge * 1.000001)).toBe(at + 1);
    const next = LATENCY_EDGES_MS[at + 1];
    if (next !== undefined) expect(next / edge).toBeLessThanOrEqual(COARSE);
  }
});
