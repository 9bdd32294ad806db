import { addLatencies, type Latencies } from './latencies.js';

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

/**
 * One sample for the time of both: after the clock was put back, a minute comes again.
 *
 * @returns A sample of the minute of `one`.
 */
export function mergeSamples(one: PerformanceSample, other: PerformanceSample): PerformanceSample {
  const latencies = one.latencies.slice();
  addLatencies(latencies, other.latencies);
  return {
    minute: one.minute,
    coveredMs: one.coveredMs + other.coveredMs,
    latencies,
    maxMs: Math.max(one.maxMs, other.maxMs),
    errors: one.errors + other.errors,
    reports: one.reports + other.reports,
    cpuMs: one.cpuMs + other.cpuMs,
    maxCpu: Math.max(one.maxCpu, other.maxCpu),
    maxMemoryBytes: Math.max(one.maxMemoryBytes, other.maxMemoryBytes),
  };
}
