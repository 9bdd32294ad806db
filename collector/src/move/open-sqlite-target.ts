import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Database, openUnused, openWriter } from '../sqlite/database.js';
import { closeWriter } from '../sqlite/log-mark.js';
import { migrate } from '../sqlite/migrate.js';
import { createCountsReader } from '../store/sqlite/counts-reader.js';
import { COUNTS_SCHEMA } from '../store/sqlite/migrations/counts-schema.js';
import { createRecentTable } from '../store/sqlite/recent-table.js';
import { syncPath } from '../sync-path.js';
import { draftOf } from '../store/moving/draft-of.js';
import { MOVE, type MoveMark } from '../store/moving/move-mark.js';
import type { MoveTarget } from '../store/moving/move-side.js';
import { asideOf } from './aside-of.js';
import { readAbout, readSqliteMark, WRITER, writeSqliteMark } from './sqlite-marks.js';
import { createSqliteRows } from './sqlite-rows.js';
import { SET_SAID_SINCE } from './sqlite-shapes.js';

/** Opens the file that counts go to, or what a move has begun of it. */
export function openSqliteTarget(path: string, now: () => Date): MoveTarget {
  // A move that ended between its last two steps has left the file itself.
  const isRenamed = !existsSync(draftOf(path)) && markOf(path)?.state === 'moving';
  const draft = isRenamed ? path : draftOf(path);
  let db = openDraftOf(draft, now);
  let rows = createSqliteRows(db);
  let reader = createCountsReader(db);
  let isPublished = false;
  return {
    ...{ name: path, numbersWithinProjects: false },
    count: (table) => rows.count(table),
    page: (...page) => rows.page(...page),
    find: (...keys) => rows.find(...keys),
    get reader() {
      return reader;
    },
    pepperId: () => readAbout(db, 'pepper'),
    mark: () => readSqliteMark(db),
    isEmpty: () => !existsSync(path) || isRenamed || markOf(path)?.state === 'moved',
    begin: (mark) => {
      db.close();
      for (const ending of ENDINGS) rmSync(`${draft}${ending}`, { force: true });
      db = openDraftOf(draft, now);
      rows = createSqliteRows(db);
      reader = createCountsReader(db);
      writeSqliteMark(db, mark);
    },
    write: (some, mark) =>
      db.transaction(() => {
        for (const one of some) rows.insert(one);
        writeSqliteMark(db, mark);
      }),
    finish: () => db.transaction(() => finish(db)),
    publish: () => {
      // Then all is in the one file.
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      db.exec('PRAGMA journal_mode = DELETE');
      db.close();
      syncPath(draft);
      if (!isRenamed) putInPlace(draft, path, now());
      // Until then no collector starts on it.
      const writer = openWriter(path, WRITER);
      try {
        writer.prepare('DELETE FROM about WHERE name = ?').run([MOVE]);
      } finally {
        closeWriter(writer);
      }
      isPublished = true;
    },
    close: () => {
      if (!isPublished) db.close();
    },
  };
}

/** Puts the draft where the counts are; what is there, and has moved away, is kept aside. */
function putInPlace(draft: string, path: string, at: Date): void {
  const aside = asideOf(path, at);
  for (const ending of ENDINGS) {
    if (existsSync(`${path}${ending}`)) renameSync(`${path}${ending}`, `${aside}${ending}`);
  }
  renameSync(draft, path);
  syncPath(dirname(path));
}

const ENDINGS = ['', '-wal', '-shm'];

function openDraftOf(draft: string, now: () => Date): Database {
  const db = openWriter(draft, WRITER);
  migrate(db, COUNTS_SCHEMA, now().getTime());
  return db;
}

function markOf(path: string): MoveMark | null {
  if (!existsSync(path)) return null;
  const db = openUnused(path);
  try {
    return readSqliteMark(db);
  } finally {
    db.close();
  }
}

function finish(db: Database): void {
  const recent = createRecentTable(db);
  for (const { id } of db.prepare<{ id: number }>('SELECT id FROM projects').all()) {
    recent.rebuild(id);
  }
  const since = readAbout(db, 'said_since');
  if (since === null) return;
  db.prepare(SET_SAID_SINCE).run([Number(since)]);
}
