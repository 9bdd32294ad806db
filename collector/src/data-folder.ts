import { chmodSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { hasCode } from './has-code.js';
import { JOURNAL_SCHEMA } from './journal/journal-writer.js';
import { logsFolder } from './logs/log-names.js';
import { makeFolders } from './make-folders.js';
import { openLock } from './sqlite/database.js';
import { isLocked } from './sqlite/failure.js';
import type { Schema } from './sqlite/migrate.js';
import { COUNTS_SCHEMA } from './store/sqlite/migrations/counts-schema.js';

/** The paths of the files that the collector keeps. */
export interface DataFolder {
  readonly path: string;
  readonly journal: string;
  /** The journal of a relay, which has a folder of its own. */
  readonly relay: string;
  readonly counts: string;
  /** The samples of performance. */
  readonly performance: string;
  readonly pepper: string;
  readonly lock: string;
  /** A text that says which process holds the lock. */
  readonly holder: string;
  /** The administrator's settings for projects. */
  readonly projects: string;
  /** The folder of manifests. */
  readonly manifests: string;
  /** A mark that the databases were closed as they are. */
  readonly clean: string;
  /** The folders into which backups were made by hand. */
  readonly backupFolders: string;
  /** When the last backups were made. */
  readonly lastBackups: string;
  /** There until a new folder has all of its files. */
  readonly firstStart: string;
  /** The deletions of users, which a restore repeats. */
  readonly erasures: string;
  /** The last runs of jobs. */
  readonly jobs: string;
  /** The hashes of tokens. */
  readonly tokens: string;
  /** The first administrator's token. */
  readonly adminToken: string;
  /** The hashes of the sessions of people who have signed in. */
  readonly sessions: string;
  /** The log of administrative actions. */
  readonly audit: string;
  /** The folder of what the public was shown. */
  readonly publicCells: string;
  /** The folder of the log's files. */
  readonly logs: string;
  /** The address of the collector that uses the folder. */
  readonly address: string;
  /** There if a store has what is set, instead of the folder's files. */
  readonly inStore: string;
  /** The last timelines of a store's primaries: an older one is refused. */
  readonly storeTimelines: string;
  /** The hashes of secrets that a store had and has no more. */
  readonly revokedTokens: string;
  /** Messages that are not delivered yet. */
  readonly outbox: string;
}

/** Another collector uses the folder. */
export class DataFolderInUseError extends Error {
  override readonly name = 'DataFolderInUseError';
}

/** Gives the paths of a data folder's files, without reading the disk. */
export function dataFolder(path: string): DataFolder {
  const root = resolve(path);
  return {
    path: root,
    journal: join(root, 'journal.db'),
    relay: join(root, 'relay.db'),
    counts: join(root, 'counts.db'),
    performance: join(root, 'performance.db'),
    pepper: join(root, 'pepper'),
    lock: join(root, 'lock'),
    holder: join(root, 'lock.holder'),
    projects: join(root, 'projects.json'),
    manifests: join(root, 'manifests'),
    clean: join(root, 'clean'),
    backupFolders: join(root, 'backup-folders'),
    lastBackups: join(root, 'last-backups.json'),
    firstStart: join(root, 'first-start'),
    erasures: join(root, 'erasures'),
    jobs: join(root, 'jobs.json'),
    tokens: join(root, 'tokens.json'),
    adminToken: join(root, 'admin-token'),
    sessions: join(root, 'sessions.json'),
    audit: join(root, 'audit.ndjson'),
    publicCells: join(root, 'public-cells'),
    logs: logsFolder(root),
    inStore: join(root, 'in-store'),
    storeTimelines: join(root, 'store-timelines.json'),
    revokedTokens: join(root, 'revoked-tokens'),
    address: join(root, 'collector.json'),
    outbox: join(root, 'outbox.json'),
  };
}

/**
 * Creates the folder if it is missing, and takes it and its files from other users.
 *
 * @returns The paths that other users may still read: they belong to somebody else.
 * @throws If the folder cannot be created or written.
 */
export function prepareDataFolder(folder: DataFolder): string[] {
  makeFolders(folder.path, 0o700);
  probeDataFolder(folder);
  const entries = readdirSync(folder.path, { recursive: true, encoding: 'utf8' });
  const own = entries.filter((name) => OWN_FILES.test(name)).map((name) => join(folder.path, name));
  return [folder.path, ...own].filter((path) => !keepToOwner(path));
}

/** What the collector keeps in its folder, with the copies and logs of its databases. */
const OWN_FILES =
  /^((journal|counts|performance|relay)\.db|pepper|lock|(projects|jobs|tokens|sessions|collector|last-backups|store-timelines|outbox)\.json|admin-token|audit\.ndjson|manifests|clean|first-start|erasures|backup-folders|public-cells|in-store|revoked-tokens|logs)(?![a-z])/;

/** What the collector keeps besides counts and journal and cannot make again; for backups. */
export const SETTINGS: readonly string[] = [
  ...['pepper', 'projects.json', 'manifests', 'tokens.json', 'audit.ndjson'],
];

/**
 * What stays in a data folder that a restore replaces: an older state would let revoked tokens in
 * again, or forget what was done or shown.
 */
export const STAYING: readonly string[] = [
  ...['tokens.json', 'admin-token', 'sessions.json', 'audit.ndjson', 'public-cells', 'outbox.json'],
];

/** The bits of a mode that let the group and others do something. */
const OTHERS = 0o077;

/** Takes a file or folder from all users but its owner. Returns whether nobody else may read it. */
function keepToOwner(path: string): boolean {
  // A link's own mode means nothing, and where it leads is not the collector's.
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined || stats.isSymbolicLink() || (stats.mode & OTHERS) === 0) return true;
  try {
    chmodSync(path, stats.mode & 0o700);
    return true;
  } catch (error) {
    if (hasCode(error, 'EPERM', 'EROFS', 'ENOTSUP')) return false;
    throw error;
  }
}

/**
 * Locks the folder, since two collectors would count the same reports twice.
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
    // The holder has not written the file yet, or it is an older release.
    return '';
  }
}

/** @throws If nothing can be written to the folder. */
export function probeDataFolder(folder: DataFolder): void {
  const probe = join(folder.path, '.probe');
  writeFileSync(probe, 'x');
  rmSync(probe, { force: true });
}

/** The files that hold what was acknowledged. */
export const databaseFilesOf = ({ journal, counts }: DataFolder): readonly string[] =>
  [journal, counts].flatMap((path) => [path, `${path}-wal`]);

/** The databases of a data folder, and the schema that each must have. */
export function databasesOf(folder: DataFolder): { path: string; schema: Schema }[] {
  return [
    { path: folder.journal, schema: JOURNAL_SCHEMA },
    { path: folder.counts, schema: COUNTS_SCHEMA },
  ];
}
