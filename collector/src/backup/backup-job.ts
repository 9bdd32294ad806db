import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ErasureKeeper, OldestBackup } from '../erasures/erasure-keeper.js';
import type { Job, JobTurn } from '../jobs/job.js';
import { DAY_MS } from '../rules/day.js';
import { openBystander } from '../sqlite/database.js';
import { syncPath } from '../sync-path.js';
import { readAbout } from './backup-file.js';
import { isSealed } from './seal.js';

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
    run: ({ startedAt }) => {
      const oldest = startedAt.getTime() - erasuresDays * DAY_MS;
      keeper.prune(({ deletedAt }) => deletedAt >= oldest, oldestBackup);
      return Promise.resolve({});
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
  return {
    name: BACKUP_JOB,
    everyMs,
    run: async ({ startedAt, signal }) => {
      const time = startedAt.toISOString().replaceAll(/[-:.]/g, '');
      const file = join(folder, `headcount-${time}.db`);
      await runBackup(file, dataFolder, signal);
      const removed = removeOldest(folder, keep);
      return { file, bytes: statSync(file).size, removed };
    },
  };
}

const CLI = fileURLToPath(new URL('./cli.js', import.meta.url));

async function runBackup(file: string, data: string, signal: JobTurn['signal']): Promise<void> {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [CLI, 'backup', file, '--data', data], {
    env: { ...(PATH !== undefined && { PATH }), ...(HOME !== undefined && { HOME }) },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-MAX_SAID);
  });
  await new Promise<void>((resolveRun, reject) => {
    child.once('error', reject);
    child.once('spawn', () => lowerPriority(child.pid));
    child.once('close', (code) => {
      if (code === 0) resolveRun();
      else reject(new BackupFailedError(said.trim().split('\n').at(-1) ?? `code ${String(code)}`));
    });
  });
}

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
function removeOldest(folder: string, keep: number): string[] {
  const own = readdirSync(folder)
    .filter((name) => OWN.test(name))
    .sort();
  const oldest = own.slice(0, Math.max(0, own.length - keep));
  for (const name of oldest) rmSync(join(folder, name));
  if (oldest.length > 0) syncPath(folder);
  return oldest;
}

/** The oldest backup in a folder; `undefined` without one. */
export function oldestBackup(folder: string): OldestBackup | undefined {
  const backups = readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && isSealed(path))
    .map((path) => {
      const db = openBystander(path);
      try {
        return readAbout(db, path);
      } finally {
        db.close();
      }
    });
  return backups.sort((a, b) => a.takenAt - b.takenAt)[0];
}
