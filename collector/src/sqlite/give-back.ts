import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from './database.js';
import { openBystander, openWriter } from './database.js';
import { closeWriter } from './log-mark.js';

/** What was given back to the disk. */
export interface GivenBack {
  readonly bytes: number;
  /** Whether nothing is left to give back. */
  readonly isDone: boolean;
}

const PAGE_BYTES = 4096;

/** Pages that are given back in one transaction: a few milliseconds. */
const PART_PAGES = 200;

/** The value of `PRAGMA auto_vacuum` of files that can give pages back. */
const INCREMENTAL = 2;

/**
 * Gives pages that hold nothing any more back to the disk, and empties the write-ahead log.
 *
 * @param path - The file of the database.
 */
export function createGiveBack(db: Database, path: string): (limitMs: number) => GivenBack {
  const mode = db.prepare<{ auto_vacuum: number }>('PRAGMA auto_vacuum').get()?.auto_vacuum;
  const free = db.prepare<{ freelist_count: number }>('PRAGMA freelist_count');
  const pagesLeft = (): number => (mode === INCREMENTAL ? (free.get()?.freelist_count ?? 0) : 0);
  const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const size = (): number => sizeOf(path) + sizeOf(`${path}-wal`);

  return (limitMs) => {
    const endMs = performance.now() + limitMs;
    const before = size();
    let left = pagesLeft();
    if (left === 0 && sizeOf(`${path}-wal`) === 0) return { bytes: 0, isDone: true };
    while (left > 0 && performance.now() < endMs) {
      db.exec(`PRAGMA incremental_vacuum(${PART_PAGES})`);
      left = pagesLeft();
    }
    // A reader can hold it up; the next run empties it then.
    if (left === 0) db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return { bytes: Math.max(0, before - size()), isDone: left === 0 };
  };
}

/** Why a database was rebuilt or not, so that it can give pages back. */
export type Rebuilt = 'rebuilt' | 'too-large' | 'no-room' | 'not-needed';

/** The largest database that a start rebuilds, without its free pages: about two seconds. */
const MAX_REBUILT_BYTES = 256 * 1024 ** 2;

/**
 * Rebuilds a database of an older release so that it can give pages back. No other process may have
 * it open.
 *
 * @param maxBytes - The largest size, without free pages, that is rebuilt.
 */
export function rebuildToGiveBack(path: string, maxBytes = MAX_REBUILT_BYTES): Rebuilt {
  if (!existsSync(path) || canGiveBack(path)) return 'not-needed';
  const db = openWriter(path, { walPages: 1000 });
  const read = (name: string): number =>
    db.prepare<Record<string, number>>(`PRAGMA ${name}`).get()?.[name] ?? 0;
  try {
    if (read('auto_vacuum') === INCREMENTAL) return 'not-needed';
    const bytes = (read('page_count') - read('freelist_count')) * PAGE_BYTES;
    if (bytes > maxBytes) return 'too-large';
    const { bavail, bsize } = statfsSync(dirname(path));
    // The log and the system's folder for temporary files take a copy each.
    if (bavail * bsize < 3 * bytes) return 'no-room';
    db.exec(`PRAGMA auto_vacuum = ${INCREMENTAL}`);
    db.exec('VACUUM');
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return 'rebuilt';
  } finally {
    closeWriter(db);
  }
}

/**
 * Asks SQLite, which writes nothing for that: if this process opened and closed the file by other
 * means, the system would take the locks of its connections away, and another program that closes
 * the database would remove the log of a running collector. See https://sqlite.org/howtocorrupt.html,
 * 2.2.
 */
function canGiveBack(path: string): boolean {
  const db = openBystander(path);
  try {
    const mode = db.prepare<{ auto_vacuum: number }>('PRAGMA auto_vacuum').get();
    return mode?.auto_vacuum === INCREMENTAL;
  } finally {
    db.close();
  }
}
