import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { rememberFolder } from '../opened-folder.js';
import { type Database, openBystander, openWriter, type Statement } from '../sqlite/database.js';
import { isDamaged } from '../sqlite/failure.js';
import { packLatencies, unpackLatencies } from './pack-latencies.js';
import { addSample, HOUR_MINUTES, noSamples, type PerformanceSample } from './sample.js';

/** What keeping samples, or reading them, has found. */
export interface FoundFile {
  /** Where a damaged file was put, so that a new one could begin. */
  readonly setAside: string | undefined;
}

/** Samples of what was kept and dropped. */
export interface DroppedSamples {
  readonly rows: number;
  /** About how much room they took. */
  readonly bytes: number;
}

/** The database of samples. Everything of it is slow: it must be used in a thread of its own. */
export interface PerformanceFile {
  /** @throws What SQLite throws, as on a full disk. */
  keep(samples: readonly PerformanceSample[]): FoundFile;
  /**
   * The samples from one minute to before another, in their order, a few at a time: of minutes, or
   * the sums of whole hours, which are faster to read.
   */
  read(from: number, to: number, of?: SampleTable): Iterable<PerformanceSample>;
  /** Drops the samples before a minute, or counts them. */
  drop(before: number, isDry: boolean): DroppedSamples;
  /** Puts a damaged file aside. @returns Where it is. */
  setAside(): string;
  close(): void;
}

/** Pages of its log: it is written once a minute. */
const WAL_PAGES = 200;

const CACHE_KIB = 256;

/** The largest size: what 400 days take, if each minute has requests of all durations. */
const MAX_BYTES = 512 * 1024 ** 2;

/** How long it waits for a command that reads the file, in milliseconds. */
const WAIT_MS = 1000;

/** Rows that are in memory at a time. */
const PAGE_ROWS = 2000;

/** The tables of samples, with the same columns. */
export type SampleTable = 'minutes' | 'hours';

const TABLES: readonly SampleTable[] = ['minutes', 'hours'];

const schemaOf = (table: SampleTable): string => `CREATE TABLE IF NOT EXISTS ${table}(
  minute INTEGER PRIMARY KEY,
  covered_ms INTEGER NOT NULL,
  latencies BLOB NOT NULL,
  max_ms REAL NOT NULL,
  errors INTEGER NOT NULL,
  reports INTEGER NOT NULL,
  cpu_ms REAL NOT NULL,
  max_cpu REAL NOT NULL,
  max_memory_bytes INTEGER NOT NULL
)`;

interface Row {
  readonly minute: number;
  readonly covered_ms: number;
  readonly latencies: Uint8Array;
  readonly max_ms: number;
  readonly errors: number;
  readonly reports: number;
  readonly cpu_ms: number;
  readonly max_cpu: number;
  readonly max_memory_bytes: number;
}

interface Statements {
  readonly find: Statement<Row>;
  readonly put: Statement<never>;
  readonly page: Statement<Row>;
}

type Open = { readonly db: Database } & Readonly<Record<SampleTable, Statements>>;

/** Prepares the file, which is opened at its first use. */
export function createPerformanceFile(path: string): PerformanceFile {
  const folder = rememberFolder(dirname(path));
  let open: Open | undefined;
  const close = (): void => {
    open?.db.close();
    open = undefined;
  };
  const opened = (): Open => {
    // Who removes it while the collector runs begins anew.
    if (open !== undefined && !existsSync(path)) close();
    if (open === undefined) folder.checkNow();
    return (open ??= openFile(path));
  };
  const keepAll = (samples: readonly PerformanceSample[]): void => {
    const { db, minutes, hours } = opened();
    db.transaction(() => {
      for (const sample of samples) {
        const hour = sample.minute - (sample.minute % HOUR_MINUTES);
        add(minutes, sample.minute, sample);
        add(hours, hour, sample);
      }
    });
  };
  const setAside = (): string => {
    close();
    return putAside(path);
  };
  return {
    keep: (samples) => {
      try {
        keepAll(samples);
        return { setAside: undefined };
      } catch (error) {
        if (!isDamaged(error)) throw error;
      }
      const aside = setAside();
      keepAll(samples);
      return { setAside: aside };
    },
    setAside,
    read: function* (from, to, table = 'minutes') {
      if (!existsSync(path)) return;
      const { page } = opened()[table];
      for (let after = from - 1; ;) {
        const rows = page.all([after, to, PAGE_ROWS]);
        for (const row of rows) yield toSample(row);
        const last = rows.at(-1);
        if (last === undefined || rows.length < PAGE_ROWS) return;
        after = last.minute;
      }
    },
    drop: (before, isDry) => {
      if (!existsSync(path)) return { rows: 0, bytes: 0 };
      if (isDry) return rehearse(path, before);
      const { db } = opened();
      const old = countOld(db, before);
      if (old.rows > 0) {
        for (const table of TABLES) db.exec(`DELETE FROM ${table} WHERE minute < ${before}`);
        db.exec('PRAGMA incremental_vacuum');
        db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      }
      return old;
    },
    close,
  };
}

function openFile(path: string): Open {
  const limits = { walPages: WAL_PAGES, cacheKib: CACHE_KIB, maxBytes: MAX_BYTES };
  const db = openWriter(path, limits);
  try {
    db.exec(`PRAGMA busy_timeout = ${WAIT_MS}`);
    for (const table of TABLES) db.exec(schemaOf(table));
    return { db, minutes: prepare(db, 'minutes'), hours: prepare(db, 'hours') };
  } catch (error) {
    db.close();
    throw error;
  }
}

function prepare(db: Database, table: SampleTable): Statements {
  return {
    find: db.prepare(`SELECT * FROM ${table} WHERE minute = ?`),
    put: db.prepare(`INSERT OR REPLACE INTO ${table} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    page: db.prepare(
      `SELECT * FROM ${table} WHERE minute > ? AND minute < ? ORDER BY minute LIMIT ?`,
    ),
  };
}

/** Adds to what is there already: after the clock was put back, a minute comes again. */
function add({ find, put }: Statements, minute: number, sample: PerformanceSample): void {
  const before = find.get([minute]);
  const sum = noSamples(minute);
  if (before !== undefined) addSample(sum, toSample(before));
  addSample(sum, sample);
  put.run(toValues(sum));
}

function countOld(db: Database, before: number): DroppedSamples {
  const counted = db
    .prepare<{ rows: number; bytes: number | null }>(
      'SELECT count(*) AS rows, sum(length(latencies) + 60) AS bytes FROM minutes WHERE minute < ?',
    )
    .get([before]);
  return { rows: counted?.rows ?? 0, bytes: counted?.bytes ?? 0 };
}

/** Only reads, also while a collector runs. */
function rehearse(path: string, before: number): DroppedSamples {
  const db = openBystander(path);
  try {
    return countOld(db, before);
  } finally {
    db.close();
  }
}

/** Keeps one damaged file, the last. */
function putAside(path: string): string {
  const aside = `${path}.damaged`;
  for (const end of ['-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
  renameSync(path, aside);
  return aside;
}

const toValues = (one: PerformanceSample) => [
  ...[one.minute, Math.round(one.coveredMs), packLatencies(one.latencies), one.maxMs],
  ...[one.errors, one.reports, one.cpuMs, one.maxCpu, Math.round(one.maxMemoryBytes)],
];

const toSample = (row: Row): PerformanceSample => ({
  minute: row.minute,
  coveredMs: row.covered_ms,
  latencies: unpackLatencies(row.latencies),
  maxMs: row.max_ms,
  errors: row.errors,
  reports: row.reports,
  cpuMs: row.cpu_ms,
  maxCpu: row.max_cpu,
  maxMemoryBytes: row.max_memory_bytes,
});
