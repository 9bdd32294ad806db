import type { Logger } from 'pino';
import { describeError } from '../logs/logger.js';
import type { HttpSeries, HttpTimes } from './http-times.js';
import { addLatencies, type Latencies, noLatencies } from './latencies.js';
import type { FoundFile } from './performance-file.js';
import { MINUTE_MS, type PerformanceSample } from './sample.js';

export interface SamplerParts {
  readonly times: Pick<HttpTimes, 'series' | 'takeMaxMs'>;
  /** Reports that were acknowledged since the start. */
  readonly acknowledged: () => number;
  /** Writes samples in another thread. */
  readonly keep: (samples: readonly PerformanceSample[]) => Promise<FoundFile>;
  /** The wall clock, as far as it is to be believed. */
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  readonly logger: Logger;
  /** From one sample to the next, in milliseconds. */
  readonly everyMs: number;
}

/** Samples how the collector performs, once a minute. */
export interface Sampler {
  /** Keeps the sample of the last, incomplete minute. */
  close(): Promise<void>;
}

/** Samples that wait for a disk with room: an hour. */
const MAX_WAITING = 60;

/** How long closing waits for the last sample, in milliseconds. */
const CLOSE_MS = 1000;

/** What watches the collector asks all the time: that says nothing of how others are served. */
const WATCHERS = ['/livez', '/readyz', '/health', '/metrics'];

const isCounted = ({ route }: HttpSeries): boolean => !WATCHERS.includes(route);

/** Starts with the minute that runs. A sample costs the main thread well below a millisecond. */
export function startSampler(parts: SamplerParts): Sampler {
  const { times, keep, now, logger, everyMs } = parts;
  let waiting: PerformanceSample[] = [];
  let running: Promise<void> = Promise.resolve();
  let hasFailed = false;
  let before = read(parts);

  const take = (): PerformanceSample => {
    const after = read(parts);
    const coveredMs = Math.max(0, after.atMs - before.atMs);
    const cpuMs = after.cpuMs - before.cpuMs;
    const latencies = after.latencies.map((n, at) => n - (before.latencies[at] ?? 0));
    const sample = {
      minute: Math.floor(before.wallMs / MINUTE_MS),
      ...{ coveredMs, latencies, cpuMs },
      maxMs: times.takeMaxMs(isCounted),
      errors: after.errors - before.errors,
      reports: after.reports - before.reports,
      maxCpu: coveredMs === 0 ? 0 : cpuMs / coveredMs,
      maxMemoryBytes: process.memoryUsage.rss(),
    };
    before = after;
    return sample;
  };
  const write = async (): Promise<void> => {
    const samples = waiting;
    try {
      const { setAside } = await keep(samples);
      waiting = waiting.filter((one) => !samples.includes(one));
      if (setAside !== undefined) {
        logger.warn(
          { file: setAside },
          'performance.db was damaged: it is set aside, and begins anew',
        );
      }
      if (hasFailed) logger.info('samples of performance are written again');
      hasFailed = false;
    } catch (error) {
      if (!hasFailed) {
        const why = { error: describeError(error) };
        logger.warn(why, 'samples of performance are not written: the last hour of them is kept');
      }
      hasFailed = true;
    }
  };
  const sample = (): void => {
    waiting = [...waiting, take()].slice(-MAX_WAITING);
    running = running.then(write);
  };
  let timer: NodeJS.Timeout;
  const schedule = (): void => {
    const intoMs = ((now().getTime() % everyMs) + everyMs) % everyMs;
    timer = setTimeout(() => {
      sample();
      schedule();
    }, everyMs - intoMs).unref();
  };
  schedule();
  return {
    close: async () => {
      clearTimeout(timer);
      sample();
      let limit: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (limit = setTimeout(resolve, CLOSE_MS)));
      await Promise.race([running, late]);
      clearTimeout(limit);
    },
  };
}

interface Reading {
  readonly atMs: number;
  readonly wallMs: number;
  readonly latencies: Latencies;
  readonly errors: number;
  readonly reports: number;
  readonly cpuMs: number;
}

function read({ times, acknowledged, now, monotonicMs }: SamplerParts): Reading {
  const latencies = noLatencies();
  let errors = 0;
  for (const one of times.series) {
    if (!isCounted(one)) continue;
    addLatencies(latencies, one.counts);
    if (one.status === '5xx') errors += one.counts.reduce((sum, n) => sum + n, 0);
  }
  const { user, system } = process.cpuUsage();
  return {
    ...{ atMs: monotonicMs(), wallMs: now().getTime(), latencies, errors },
    ...{ reports: acknowledged(), cpuMs: (user + system) / 1000 },
  };
}
