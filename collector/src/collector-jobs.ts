import type { Logger } from 'pino';
import type { Projects } from './access/projects.js';
import { type BackupJobsOptions, createBackupJobs } from './backup/backup-job.js';
import { expireCleanings } from './clean/expire-cleanings.js';
import type { Counting } from './counting/counting.js';
import type { Journal } from './journal/journal.js';
import { describeError } from './logs/logger.js';
import { createFoldJob } from './retention/fold-job.js';
import { createDiskJob } from './retention/disk-job.js';
import { createRetentionJobs } from './retention/retention-jobs.js';
import type { Retention } from './rules/retention-classes.js';
import type { PerformanceDesk } from './stats/question-desk.js';
import type { SharedRuns } from './store/shared-store.js';
import type { ReaderOperations } from './store/store.js';
import type { Job } from './jobs/job.js';

export interface CollectorJobsOptions {
  readonly journal: Pick<Journal, 'append' | 'giveBack' | 'waitingReports'>;
  readonly counting: Pick<Counting, 'backlog' | 'caughtUp' | 'drop' | 'fold' | 'giveBack'>;
  readonly store: Pick<ReaderOperations, 'cleanings'>;
  readonly projects: Pick<Projects, 'eraseRemoved'>;
  readonly performance: Pick<PerformanceDesk, 'drop'>;
  readonly retention: Retention;
  /** The data folder. */
  readonly folder: string;
  readonly backup: Omit<BackupJobsOptions, 'dataFolder'>;
  /** Whether other nodes may have counted too. */
  readonly isShared: boolean;
  readonly isLeader: () => boolean;
  readonly runs: SharedRuns;
  readonly performanceLogger: Pick<Logger, 'warn'>;
}

/** How long a slice of a job waits until the reports on disk are counted, in milliseconds. */
const COUNT_BEFORE_SLICE_MS = 1000;

/** What a collector does now and then beside taking reports. */
export function createCollectorJobs(options: CollectorJobsOptions): readonly Job[] {
  const { journal, counting, store, projects, performance, folder, isLeader, runs } = options;
  const letCount = (): Promise<unknown> => counting.caughtUp(COUNT_BEFORE_SLICE_MS);
  const isIdle = async (): Promise<boolean> => {
    await letCount();
    return counting.backlog === 0 && journal.waitingReports === 0;
  };
  return [
    expireCleanings({ journal, store, projects }),
    ...createRetentionJobs({
      ...{ retention: options.retention, folder, isLeader, runs, letCount },
      drop: (slice) => counting.drop(slice),
      dropPerformance: (before, isDry) =>
        performance.drop(before, isDry).catch((error: unknown) => {
          const why = { error: describeError(error) };
          options.performanceLogger.warn(why, 'old samples of performance are not dropped');
          return { rows: 0, bytes: 0 };
        }),
    }),
    ...(options.isShared
      ? [createFoldJob({ fold: (slice) => counting.fold(slice), letCount })]
      : []),
    createDiskJob({
      journal: { giveBack: (ms) => journal.giveBack(ms), isIdle },
      counts: { giveBack: (ms) => counting.giveBack(ms), isIdle },
    }),
    ...createBackupJobs({ ...options.backup, dataFolder: folder }),
  ];
}
