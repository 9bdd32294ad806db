import type { JobState } from '../jobs/job.js';

/** The health of a part that can be in trouble while reports are still taken and counted. */
export interface Warned {
  readonly status: 'ok' | 'warning';
  /** What is wrong, for people. */
  readonly reason?: string;
}

/** The health of regular backups. */
export interface BackupHealth extends Warned {
  readonly last_success_at: string | null;
  readonly last_failure_at: string | null;
  readonly every_seconds: number | null;
}

/** The name of the job that makes backups. */
const BACKUP = 'backup';

/** A backup is overdue after this many of its periods. */
const OVERDUE_PERIODS = 2;

/** A warning with its reason; without one, all is well. */
export function warning(reason: string | undefined): Warned {
  return reason === undefined ? { status: 'ok' } : { status: 'warning', reason };
}

/** Examines how the job that makes backups goes. */
export function examineBackups(states: readonly JobState[], now: Date): BackupHealth {
  const job = states.find(({ name }) => name === BACKUP);
  if (job === undefined) {
    return { status: 'ok', last_success_at: null, last_failure_at: null, every_seconds: null };
  }
  return {
    ...warning(whatIsWrong(job, now)),
    last_success_at: toText(job.succeededAt),
    last_failure_at: toText(job.failedAt),
    every_seconds: job.everyMs / 1000,
  };
}

function whatIsWrong(job: JobState, now: Date): string | undefined {
  const { succeededAt, failedAt, everyMs, error } = job;
  if (failedAt !== null) {
    const since =
      succeededAt === null ? 'There is none.' : `The last one is of ${toText(succeededAt) ?? ''}.`;
    return `The last backup failed: ${error ?? 'no reason is known'} ${since}`;
  }
  if (succeededAt === null || now.getTime() - succeededAt <= OVERDUE_PERIODS * everyMs) {
    return undefined;
  }
  return `The last backup is of ${toText(succeededAt) ?? ''}.`;
}

const toText = (moment: number | null): string | null =>
  moment === null ? null : new Date(moment).toISOString();
