import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDiskQueue } from '../disk-queue.js';
import type { ErasureKeeper } from '../erasures/erasure-keeper.js';
import type { Job, JobTurn } from '../jobs/job.js';
import { DAY_MS } from '../rules/day.js';
import { syncFolder } from '../write-durably.js';
import { askOldestBackup } from './ask-oldest-backup.js';

/** The name of the job, in the log and in `GET /health`. */
export const BACKUP_JOB = 'backup';

export interface BackupJobsOptions {
  readonly dataFolder: string;
  /** `undefined` makes no regular backups. */
  readonly backupFolder: string | undefined;
  readonly everyMs: number;
  /** How many backups are kept. */
  readonly keep: number;
  /** For how many days deletions are kept in the data folder. */
  readonly erasuresDays: number;
  readonly keeper: Pick<ErasureKeeper, 'prune'>;
}

/** A regular backup could not be made. The message is that of the command. */
class BackupFailedError extends Error {
  override readonly name = 'BackupFailedError';
}

/** The jobs about backups: they are made, and deletions beside removed backups are let go. */
export function createBackupJobs(options: BackupJobsOptions): Job[] {
  const { backupFolder } = options;
  const pruning = createErasuresJob(options);
  return backupFolder === undefined ? [pruning] : [createBackupJob(backupFolder, options), pruning];
}

function createErasuresJob({ keeper, erasuresDays }: BackupJobsOptions): Job {
  return {
    name: 'erasures',
    everyMs: DAY_MS,
    run: async ({ startedAt, signal }) => {
      const oldest = startedAt.getTime() - erasuresDays * DAY_MS;
      await keeper.prune(
        ({ deletedAt }) => deletedAt >= oldest,
        (folder) => askOldestBackup(folder, signal),
      );
      return {};
    },
  };
}

/**
 * Makes backups regularly: in a process of its own and of low priority, so that neither reports nor
 * questions are delayed. Older backups are removed only after a newer one is whole.
 */
function createBackupJob(backupFolder: string, options: BackupJobsOptions): Job {
  const { dataFolder, everyMs, keep } = options;
  const folder = resolve(backupFolder);
  const disk = createDiskQueue(DISK_MS);
  return {
    name: BACKUP_JOB,
    everyMs,
    run: async ({ startedAt, signal }) => {
      const time = startedAt.toISOString().replaceAll(/[-:.]/g, '');
      const file = join(folder, `headcount-${time}.db`);
      await runBackup(file, dataFolder, signal);
      return disk.run(folder, async () => {
        const removed = await removeOldest(folder, keep);
        return { file, bytes: (await stat(file)).size, removed };
      });
    },
  };
}

/** How long the disk may take to remove older backups, in milliseconds. */
const DISK_MS = 60_000;

/** How long a backup may take: with a disk that hangs, it would hold up all other jobs. */
const BACKUP_MS = DAY_MS / 4;

const CLI = fileURLToPath(new URL('./cli.js', import.meta.url));

async function runBackup(file: string, data: string, signal: JobTurn['signal']): Promise<void> {
  const timeout = AbortSignal.timeout(BACKUP_MS);
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [CLI, 'backup', file, '--data', data], {
    env: { ...(PATH !== undefined && { PATH }), ...(HOME !== undefined && { HOME }) },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: AbortSignal.any([signal, timeout]),
    killSignal: 'SIGKILL',
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-MAX_SAID);
  });
  await new Promise<void>((resolveRun, reject) => {
    child.once('error', (error) => {
      reject(timeout.aborted ? new BackupFailedError(TOOK_TOO_LONG) : error);
    });
    child.once('spawn', () => lowerPriority(child.pid));
    child.once('close', (code) => {
      if (code === 0) resolveRun();
      else reject(new BackupFailedError(said.trim().split('\n').at(-1) ?? `code ${String(code)}`));
    });
  });
}

const TOOK_TOO_LONG = `It has not ended within ${BACKUP_MS / 3_600_000} hours.`;

/** Characters of an error message that are kept. */
const MAX_SAID = 2000;

function lowerPriority(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It may have ended already, and it works without.
  }
}

const OWN = /^headcount-\d{8}T\d{9}Z\.db$/;

/** Removes all regular backups but the newest. Returns the names of the removed. */
async function removeOldest(folder: string, keep: number): Promise<string[]> {
  const own = (await readdir(folder)).filter((name) => OWN.test(name)).sort();
  const oldest = own.slice(0, Math.max(0, own.length - keep));
  for (const name of oldest) await rm(join(folder, name));
  if (oldest.length > 0) await syncFolder(folder);
  return oldest;
}
