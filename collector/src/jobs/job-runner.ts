import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { describeError } from '../logs/logger.js';
import type { Job, JobState, JobTurn } from './job.js';
import type { JobRecord, JobRecords } from './job-records.js';

export interface JobRunnerParts {
  readonly jobs: readonly Job[];
  readonly records: JobRecords;
  /** The wall clock. */
  readonly now: () => Date;
  /**
   * Whether the wall clock can be trusted, and the data folder is there. While not, no job begins
   * by itself.
   */
  readonly mayBegin: () => boolean;
  /** Whether this node does the work on what nodes share. */
  readonly isLeader: () => boolean;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** How often the runner looks for jobs that are due, in milliseconds. */
  readonly checkEveryMs: number;
}

/** Runs jobs when they are due, one at a time. */
export interface JobRunner {
  /**
   * Runs a job now, after the one that runs already. If the job itself runs, its run is awaited.
   *
   * @throws What the job throws.
   */
  runNow(name: string): Promise<JobState>;
  /** How each job goes. */
  states(): readonly JobState[];
  /** Ends the present run at its next pause. */
  close(): Promise<void>;
}

/** How long after a failure a job is run again, if it is not due earlier, in milliseconds. */
const RETRY_MS = 60 * 60 * 1000;

/** How long a slice of work may take, in milliseconds. */
const SLICE_MS = 50;

/** The longest pause between two slices, in milliseconds. */
const LONGEST_PAUSE_MS = 1000;

const NEVER_RUN: JobRecord = {
  succeeded_at: null,
  took_ms: null,
  result: null,
  failed_at: null,
  error: null,
};

/** Starts to run jobs. The first look at what is due is after `checkEveryMs`. */
export function startJobs(parts: JobRunnerParts): JobRunner {
  const { jobs, records, now, mayBegin, isLeader, logger, checkEveryMs } = parts;
  const closing = new AbortController();
  const shares = new Map<string, number>();
  const runs = new Map<string, Promise<JobState>>();
  let last: Promise<unknown> = Promise.resolve();

  const recordOf = (name: string): JobRecord => records.all.get(name) ?? NEVER_RUN;
  const keep = async (name: string, record: JobRecord): Promise<void> => {
    try {
      await records.save(name, record);
    } catch (error) {
      logger.warn({ job: name, error: describeError(error) }, 'the last run was not written down');
    }
  };
  const run = async (job: Job): Promise<JobState> => {
    const { name } = job;
    closing.signal.throwIfAborted();
    const startedAt = now();
    const startedMs = performance.now();
    shares.set(name, 0);
    try {
      const result = await job.run(
        createTurn(startedAt, closing.signal, (share) => {
          shares.set(name, share);
        }),
      );
      const took_ms = Math.round(performance.now() - startedMs);
      const succeeded_at = now().getTime();
      const record = { succeeded_at, took_ms, failed_at: null, error: null };
      if (result === null) {
        records.remember(name, { ...record, result: recordOf(name).result });
      } else {
        await keep(name, { ...record, result });
        logger.info({ job: name, took_ms, result }, 'job done');
      }
    } catch (error) {
      if (closing.signal.aborted) throw error;
      logger.error({ job: name, error: describeError(error) }, 'job failed');
      const message = error instanceof Error ? error.message : String(error);
      await keep(name, { ...recordOf(name), failed_at: now().getTime(), error: message });
      throw error;
    } finally {
      shares.delete(name);
    }
    return stateOf(job, recordOf(name), null);
  };
  const begin = (job: Job): Promise<JobState> => {
    const present = runs.get(job.name);
    if (present) return present;
    const next = last.then(() => run(job)).finally(() => runs.delete(job.name));
    runs.set(job.name, next);
    // The caller learns of a failure; the next job runs all the same.
    last = next.catch(() => undefined);
    return next;
  };
  const beginOwed = async (job: Job): Promise<void> => {
    if ((await job.isOwed?.()) === true) await begin(job);
  };
  const check = (): void => {
    if (!mayBegin()) return;
    const at = now().getTime();
    for (const job of jobs) {
      if (job.isShared === true && !isLeader()) continue;
      const record = recordOf(job.name);
      // `run` has logged the failure.
      if (isDue(job, record, at)) void begin(job).catch(() => undefined);
      // A store that is away is told by others; the next check asks again.
      else if (mayRetry(job, record, at)) void beginOwed(job).catch(() => undefined);
    }
  };
  const timer = setInterval(check, checkEveryMs);
  timer.unref();

  return {
    runNow: async (name) => {
      const job = jobs.find((one) => one.name === name);
      if (job === undefined) throw new Error(`There is no job ${name}.`);
      return begin(job);
    },
    states: () => jobs.map((job) => stateOf(job, recordOf(job.name), shares.get(job.name) ?? null)),
    close: async () => {
      clearInterval(timer);
      closing.abort();
      await last;
    },
  };
}

/** Whether a job is due: also if the clock was set back to long before its last run. */
const isDue = (job: Job, record: JobRecord, at: number): boolean =>
  job.everyMs !== Infinity &&
  isLongAgo(record.succeeded_at, at, job.everyMs) &&
  mayRetry(job, record, at);

/** Whether a job has not failed of late. */
const mayRetry = ({ everyMs }: Job, { failed_at }: JobRecord, at: number): boolean =>
  isLongAgo(failed_at, at, Math.min(everyMs, RETRY_MS));

const isLongAgo = (moment: number | null, at: number, ms: number): boolean =>
  moment === null || Math.abs(at - moment) >= ms;

function createTurn(startedAt: Date, signal: AbortSignal, tell: (share: number) => void): JobTurn {
  let sliceAt = performance.now();
  return {
    startedAt,
    sliceMs: SLICE_MS,
    signal,
    pause: async (share) => {
      tell(share);
      const tookMs = performance.now() - sliceAt;
      await wait(Math.min(Math.max(1, tookMs), LONGEST_PAUSE_MS), undefined, { signal });
      sliceAt = performance.now();
    },
  };
}

const stateOf = (job: Job, record: JobRecord, share: number | null): JobState => ({
  name: job.name,
  everyMs: job.everyMs,
  succeededAt: record.succeeded_at,
  tookMs: record.took_ms,
  result: record.result,
  failedAt: record.failed_at,
  error: record.error,
  share,
});
