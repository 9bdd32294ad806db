import { describe, expect, it, onTestFinished } from 'vitest';
import { openMemory, type Database } from '../../src/sqlite/database.js';
import { migrate } from '../../src/store/sqlite/migrate.js';

function memory(): Database {
  const db = openMemory();
  onTestFinished(() => db.close());
  return db;
}

const first = { sql: 'CREATE TABLE a(x)' };
const second = { sql: 'CREATE TABLE b(x)' };

const versions = (db: Database): unknown[] =>
  db.prepare('SELECT version, applied_at FROM schema_migrations ORDER BY version').all();

describe('migrations', () => {
  it('are applied once each, in order', () => {
    const db = memory();
    migrate(db, 1, [first]);
    migrate(db, 2, [first, second]);
    migrate(db, 3, [first, second]);
    expect(versions(db)).toEqual([
      { version: 1, applied_at: 1 },
      { version: 2, applied_at: 2 },
    ]);
  });

  it('are applied all or not at all', () => {
    const db = memory();
    expect(() => migrate(db, 1, [first, { sql: 'CREATE NONSENSE' }])).toThrow(/syntax/);
    migrate(db, 2, [first]);
    expect(versions(db)).toEqual([{ version: 1, applied_at: 2 }]);
  });

  it('leave a schema of a newer release alone', () => {
    const db = memory();
    migrate(db, 1, [first, second]);
    expect(() => migrate(db, 2, [first])).toThrow(/newer release/);
  });
});
