import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { JOURNAL_SCHEMA } from './journal/journal-writer.js';
import { openLock } from './sqlite/database.js';
import { isLocked } from './sqlite/failure.js';
import type { Schema } from './sqlite/migrate.js';
import { COUNTS_SCHEMA } from './store/sqlite/migrations/counts-schema.js';

/** Where everything the collector keeps is. Computing it touches no disk. */
interface DataFolder {
  readonly path: string;
  readonly journal: string;
  readonly counts: string;
  readonly pepper: string;
  readonly lock: string;
  /** Says who holds the lock, for people. */
  readonly holder: string;
  /** What the administrator has settled for projects. */
  readonly projects: string;
  /** The folder of manifests. */
  readonly manifests: string;
}

/** Another collector keeps its data in the folder. */
export class DataFolderInUseError extends Error {
  override readonly name = 'DataFolderInUseError';
}

/** The files of a data folder. */
export function dataFolder(path: string): DataFolder {
  const root = resolve(path);
  return {
    path: root,
    journal: join(root, 'journal.db'),
    counts: join(root, 'counts.db'),
    pepper: join(root, 'pepper'),
    lock: join(root, 'lock'),
    holder: join(root, 'lock.holder'),
    projects: join(root, 'projects.json'),
    manifests: join(root, 'manifests'),
  };
}

/** Creates the folder if it is missing. @throws If it cannot be created or written. */
export function prepareDataFolder(folder: DataFolder): void {
  mkdirSync(folder.path, { recursive: true, mode: 0o700 });
  probeDataFolder(folder);
}

/**
 * Keeps other collectors away: two would each count what the other has counted.
 *
 * @throws {@link DataFolderInUseError}
 */
export function lockDataFolder(folder: DataFolder): { close(): void } {
  try {
    const lock = openLock(folder.lock);
    const holder = `process ${process.pid} on ${hostname()}, since ${new Date().toISOString()}`;
    writeFileSync(folder.holder, holder, { mode: 0o600 });
    return lock;
  } catch (cause) {
    if (!isLocked(cause)) throw cause;
    const holder = readHolder(folder);
    throw new DataFolderInUseError(`Another collector uses ${folder.path}${holder}.`, { cause });
  }
}

function readHolder({ holder }: DataFolder): string {
  try {
    return ` (${readFileSync(holder, 'utf8')})`;
  } catch {
    // It is between taking the lock and saying so, or the folder comes from an older release.
    return '';
  }
}

/** @throws If nothing can be written to the folder. */
export function probeDataFolder(folder: DataFolder): void {
  const probe = join(folder.path, '.probe');
  writeFileSync(probe, 'x');
  rmSync(probe, { force: true });
}

/** Whether users have been counted in this folder before. */
export function hasCounts(folder: DataFolder): boolean {
  return existsSync(folder.counts);
}

/** The databases of a data folder, and the schema that each must have. */
export function databasesOf(folder: DataFolder): { path: string; schema: Schema }[] {
  return [
    { path: folder.journal, schema: JOURNAL_SCHEMA },
    { path: folder.counts, schema: COUNTS_SCHEMA },
  ];
}
