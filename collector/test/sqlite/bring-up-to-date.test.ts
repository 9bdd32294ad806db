import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bringUpToDate } from '../../src/sqlite/bring-up-to-date.js';
import { type Database, openReader, openWriter } from '../../src/sqlite/database.js';
import { migrate, type Migration, type Schema } from '../../src/sqlite/migrate.js';
import { takeSnapshot } from '../../src/sqlite/snapshot.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const NOW = new Date('2026-11-25T02:45:09.123Z');
const options = { now: () => NOW };

const first: Migration = { name: 'first', sql: 'CREATE TABLE a(x)' };
const second: Migration = { name: 'second', sql: `CREATE TABLE b(x); INSERT INTO b VALUES ('b')` };
const broken: Migration = { name: 'broken', sql: 'INSERT INTO a VALUES (0); CREATE NONSENSE' };
const schema = (...migrations: Migration[]): Schema => ({ file: 'a.db', migrations });

/** A database of the first schema, with rows in it. */
function createDatabase(rows: number): string {
  const path = join(temporaryFolder(), 'a.db');
  const db = openWriter(path, { walPages: 1000 });
  migrate(db, schema(first), 1);
  for (let n = 0; n < rows; n++) db.prepare('INSERT INTO a VALUES (?)').run([n]);
  db.close();
  return path;
}

function open(path: string): Database {
  const db = openReader(path);
  onTestFinished(() => db.close());
  return db;
}

const countA = (path: string): unknown => open(path).prepare('SELECT count(*) AS n FROM a').get();

const snapshots = (path: string): string[] =>
  readdirSync(join(path, '..')).filter((name) => /before.*(Z|draft)$/.test(name));

describe('a database whose schema is changed', () => {
  it('is kept as it was, beside', () => {
    const path = createDatabase(3);
    const change = bringUpToDate(path, schema(first, second), options);
    const snapshot = `${path}.before-2-20261125T024509123Z`;
    expect(change).toMatchObject({
      file: 'a.db',
      from: 1,
      to: 2,
      migrations: ['second'],
      snapshot,
      snapshotBytes: statSync(snapshot).size,
      rows: [
        { table: 'a', before: 3, after: 3 },
        { table: 'b', before: 0, after: 1 },
      ],
    });
    expect(snapshots(path)).toHaveLength(1);
    expect(countA(snapshot)).toEqual({ n: 3 });
    expect(() => open(snapshot).prepare('SELECT x FROM b')).toThrow(/no such table/);
    // The snapshot is the way back.
    expect(bringUpToDate(snapshot, schema(first), options)).toBeNull();
    expect(bringUpToDate(path, schema(first, second), options)).toBeNull();
    expect(snapshots(path)).toHaveLength(1);
  });

  it('leaves no snapshot where there is nothing in it, or nothing to change', () => {
    const path = createDatabase(0);
    expect(bringUpToDate(path, schema(first), options)).toBeNull();
    expect(bringUpToDate(path, schema(first, second), options)).toMatchObject({ snapshot: null });
    expect(bringUpToDate(join(path, '..', 'none.db'), schema(first), options)).toBeNull();
    expect(snapshots(path)).toEqual([]);
    expect(readdirSync(join(path, '..'))).not.toContain('none.db');
  });

  it('is as it was when a change fails, with no copy beside', () => {
    const path = createDatabase(3);
    expect(() => bringUpToDate(path, schema(first, broken), options)).toThrow(/syntax/);
    expect(countA(path)).toEqual({ n: 3 });
    expect(snapshots(path)).toEqual([]);
  });

  it('overwrites no snapshot', () => {
    const path = createDatabase(3);
    const taken = `${path}.before-2-20261125T024509123Z`;
    writeFileSync(taken, 'mine');
    writeFileSync(`${path}.before-2-x.draft`, 'left by a process that was killed');
    expect(() => bringUpToDate(path, schema(first, second), options)).toThrow(/EEXIST/);
    expect(readFileSync(taken, 'utf8')).toBe('mine');
    expect(snapshots(path)).toHaveLength(1);
    expect(countA(path)).toEqual({ n: 3 });
  });

  it('leaves one snapshot, however often the change is killed', () => {
    const path = createDatabase(3);
    const { path: snapshot } = takeSnapshot(path, 2, new Date(0));
    expect(takeSnapshot(path, 2, NOW)).toEqual({ path: snapshot, isNew: false });
    expect(bringUpToDate(path, schema(first, second), options)).toMatchObject({ snapshot });
    expect(snapshots(path)).toHaveLength(1);
  });
});
