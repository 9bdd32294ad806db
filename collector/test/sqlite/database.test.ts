import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  openLock,
  openMemory,
  openReader,
  openWriter,
  type BindValue,
} from '../../src/sqlite/database.js';
import { isFull, isLocked } from '../../src/sqlite/failure.js';
import { temporaryFolder } from '../support/temporary-folder.js';

function store(value: BindValue): { value: unknown; type: string } | undefined {
  const db = openMemory();
  onTestFinished(() => db.close());
  db.exec('CREATE TABLE t(a)');
  db.prepare('INSERT INTO t(a) VALUES (?)').run([value]);
  const big = db.prepare<{ value: unknown; type: string }>(
    'SELECT a AS value, typeof(a) AS type FROM t',
    { bigints: typeof value === 'bigint' },
  );
  expect(big.all()).toEqual([big.get()]);
  return big.get();
}

describe('the typed wrapper around SQLite', () => {
  it.each<[string, BindValue, string]>([
    ['a text', 'hé😀', 'text'],
    ['an empty text', '', 'text'],
    ['a whole number', 42, 'integer'],
    ['a negative number', -1, 'integer'],
    ['the largest safe number', Number.MAX_SAFE_INTEGER, 'integer'],
    ['a fraction', 1.5, 'real'],
    ['null', null, 'null'],
    ['a 64-bit integer', 2n ** 62n + 1n, 'integer'],
    ['the smallest 64-bit integer', -(2n ** 63n), 'integer'],
    ['a Buffer', Buffer.from([0, 1, 255]), 'blob'],
    ['an empty Buffer', Buffer.alloc(0), 'blob'],
    ['a part of a Buffer', Buffer.from('0123456789').subarray(2, 5), 'blob'],
  ])('gives back %s as it was bound', (_name, value, type) => {
    expect(store(value)).toEqual({ value, type });
  });

  it('gives back a Uint8Array as a Buffer', () => {
    expect(store(new Uint8Array([1, 2]))).toEqual({ value: Buffer.from([1, 2]), type: 'blob' });
  });

  // Each of these would be stored as something else, or end the process.
  it.each<[string, unknown]>([
    ['a boolean', true],
    ['undefined', undefined],
    ['a date', new Date(0)],
    ['not a number', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['an object', {}],
    ['an array', [1]],
    ['an ArrayBuffer', new ArrayBuffer(1)],
  ])('refuses to bind %s', (_name, value) => {
    expect(() => store(value as BindValue)).toThrow(TypeError);
  });

  it('rolls back a transaction that throws', () => {
    const db = openMemory();
    onTestFinished(() => db.close());
    db.exec('CREATE TABLE t(a)');
    expect(() =>
      db.transaction(() => {
        db.exec('INSERT INTO t VALUES (1)');
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(db.prepare<{ n: number }>('SELECT count(*) AS n FROM t').get()).toEqual({ n: 0 });
  });

  it('opens readers that see what the writer committed and cannot write', () => {
    const path = join(temporaryFolder(), 'a ?#%.db');
    const writer = openWriter(path, { walPages: 100 });
    writer.exec('CREATE TABLE t(a); INSERT INTO t VALUES (7)');
    const reader = openReader(path);
    expect(reader.prepare('SELECT a FROM t').get()).toEqual({ a: 7 });
    expect(() => reader.exec('INSERT INTO t VALUES (8)')).toThrow(/readonly/);
    reader.close();
    writer.close();
  });

  it('syncs every commit of a writer to the disk', () => {
    const writer = openWriter(join(temporaryFolder(), 'a.db'), { walPages: 100 });
    onTestFinished(() => writer.close());
    expect(writer.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(writer.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  });

  it('says when the database is full, and works on when there is room again', () => {
    const writer = openWriter(join(temporaryFolder(), 'a.db'), { walPages: 100, maxBytes: 40_960 });
    onTestFinished(() => writer.close());
    writer.exec('CREATE TABLE t(a)');
    const insert = writer.prepare('INSERT INTO t VALUES (?)');
    let failure: unknown;
    try {
      writer.transaction(() => {
        for (let n = 0; n < 100; n++) insert.run(['x'.repeat(1000)]);
      });
    } catch (error) {
      failure = error;
    }
    expect(isFull(failure)).toBe(true);
    expect(insert.run(['y']).changes).toBe(1);
  });

  it('lets one holder have a lock, and the next one when it is released', () => {
    const path = join(temporaryFolder(), 'lock');
    const lock = openLock(path);
    let failure: unknown;
    try {
      openLock(path);
    } catch (error) {
      failure = error;
    }
    expect(isLocked(failure)).toBe(true);
    lock.close();
    openLock(path).close();
  });
});
