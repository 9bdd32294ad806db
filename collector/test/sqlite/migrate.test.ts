import { describe, expect, it, onTestFinished } from 'vitest';
import { openMemory, type Database } from '../../src/sqlite/database.js';
import {
  migrate,
  type Migration,
  type MigrationProgress,
  SchemaError,
} from '../../src/sqlite/migrate.js';

function memory(): Database {
  const db = openMemory();
  onTestFinished(() => db.close());
  return db;
}

const first = { name: 'first', sql: 'CREATE TABLE a(x)' };
const second = { name: 'second', sql: 'CREATE TABLE b(x)' };
const schema = (...migrations: Migration[]) => ({ file: 'a.db', migrations });

const versions = (db: Database): unknown[] =>
  db.prepare('SELECT version, applied_at FROM schema_migrations ORDER BY version').all();

const failure = (work: () => void): Error => {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('It has not failed.');
};

describe('migrations', () => {
  it('are applied once each, in order', () => {
    const db = memory();
    migrate(db, schema(first), 1);
    migrate(db, schema(first, second), 2);
    migrate(db, schema(first, second), 3);
    expect(versions(db)).toEqual([
      { version: 1, applied_at: 1 },
      { version: 2, applied_at: 2 },
    ]);
  });

  it('are applied all or not at all', () => {
    const db = memory();
    const nonsense = { name: 'nonsense', sql: 'CREATE NONSENSE' };
    expect(() => migrate(db, schema(first, nonsense), 1)).toThrow(/syntax/);
    migrate(db, schema(first), 2);
    expect(versions(db)).toEqual([{ version: 1, applied_at: 2 }]);
  });

  it('leave a schema of a newer release alone', () => {
    const db = memory();
    migrate(db, schema(first, second), 1);
    const error = failure(() => migrate(db, schema(first), 2));
    expect(error).toBeInstanceOf(SchemaError);
    expect(error.message).toMatch(/^a\.db has schema 2, .*newer release; this one knows 1/);
  });

  it('leave a schema alone that was made by other SQL', () => {
    const db = memory();
    migrate(db, schema({ ...first, sql: `${first.sql} ` }), 1);
    const error = failure(() => migrate(db, schema(first, second), 2));
    expect(error).toBeInstanceOf(SchemaError);
    expect(error.message).toMatch(/^a\.db was made by another build: its migration 1 /);
    expect(versions(db)).toHaveLength(1);
  });

  it('learn the checksums of what releases without them applied, and hold on to them', () => {
    const db = memory();
    db.exec(`${first.sql};
      CREATE TABLE schema_migrations(version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL);
      INSERT INTO schema_migrations VALUES (1, 7)`);
    migrate(db, schema(first), 8);
    expect(versions(db)).toEqual([{ version: 1, applied_at: 7 }]);
    expect(() => migrate(db, schema({ ...first, sql: 'CREATE TABLE c(x)' }), 9)).toThrow(
      SchemaError,
    );
    migrate(db, schema(first, second), 9);
    expect(versions(db)).toHaveLength(2);
  });

  it('tell how far they are, and move rows once all the SQL has run', () => {
    const db = memory();
    const told: Partial<MigrationProgress>[] = [];
    const moving: Migration = {
      ...first,
      move: (moved, onProgress) => {
        moved.exec('INSERT INTO b VALUES (1)');
        onProgress(0.5);
      },
    };
    migrate(db, schema(moving, second), 1, ({ step, share }) => told.push({ step, share }));
    expect(told).toEqual([
      { step: 'first', share: 0 },
      { step: 'second', share: 0 },
      { step: 'first', share: 0.5 },
      { step: 'done', share: 1 },
    ]);
    expect(db.prepare('SELECT x FROM b').all()).toEqual([{ x: 1 }]);
  });
});
