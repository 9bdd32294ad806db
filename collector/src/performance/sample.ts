import { addLatencies, type Latencies, noLatencies } from './latencies.js';

/** How the collector performed in a minute. */
export interface PerformanceSample {
  /** The minute in which it began, numbered since 1970 by UTC. */
  readonly minute: number;
  /** How much time it covers, in milliseconds: less than a minute after a start, more after a pause. */
  readonly coveredMs: number;
  /** How long requests took: all but those of what watches the collector. */
  readonly latencies: Latencies;
  /** How long the longest of them took, in milliseconds. */
  readonly maxMs: number;
  /** Requests that were answered with 5xx. */
  readonly errors: number;
  /** Reports that were acknowledged. */
  readonly reports: number;
  /** How long the process has used a processor, in milliseconds. */
  readonly cpuMs: number;
  /** The largest share of a processor that it has used in a minute; 1 is all of one. */
  readonly maxCpu: number;
  /** The most memory that the process took at the ends of the minutes, in bytes. */
  readonly maxMemoryBytes: number;
}

export const MINUTE_MS = 60_000;

export const HOUR_MINUTES = 60;

/** A sample that others are added to. */
export type SampleSum = { -readonly [Name in keyof PerformanceSample]: PerformanceSample[Name] };

/** A sum of no samples. */
export const noSamples = (minute: number): SampleSum => ({
  ...{ minute, coveredMs: 0, latencies: noLatencies(), maxMs: 0, errors: 0, reports: 0 },
  ...{ cpuMs: 0, maxCpu: 0, maxMemoryBytes: 0 },
});

/** Adds a sample, which stays as it is. The sum keeps its minute. */
export function addSample(sum: SampleSum, added: PerformanceSample): void {
  addLatencies(sum.latencies, added.latencies);
  sum.coveredMs += added.coveredMs;
  sum.maxMs = Math.max(sum.maxMs, added.maxMs);
  sum.errors += added.errors;
  sum.reports += added.reports;
  sum.cpuMs += added.cpuMs;
  sum.maxCpu = Math.max(sum.maxCpu, added.maxCpu);
  sum.maxMemoryBytes = Math.max(sum.maxMemoryBytes, added.maxMemoryBytes);
}
