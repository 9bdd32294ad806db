import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { REMEMBERED_DAYS } from '../../src/rules/limits.js';
import { type Database, openMemory } from '../../src/sqlite/database.js';
import { migrate } from '../../src/sqlite/migrate.js';
import { COUNTS_SCHEMA } from '../../src/store/sqlite/migrations/counts-schema.js';
import { createSeenReportsTable } from '../../src/store/sqlite/seen-reports-table.js';

const TODAY = 20_000;
const OLD = TODAY - REMEMBERED_DAYS - 1;
const ROWS = 10_000;

function openTable(): { db: Database; table: ReturnType<typeof createSeenReportsTable> } {
  const db = openMemory();
  onTestFinished(() => db.close());
  migrate(db, COUNTS_SCHEMA, 0);
  return { db, table: createSeenReportsTable(db) };
}

const seen = (reportKey: Buffer, receivedDay: number) => ({ reportKey, receivedDay });

const countRows = (db: Database): number =>
  db.prepare<{ n: number }>('SELECT count(*) AS n FROM seen_reports').get()?.n ?? -1;

describe('the table of reports already counted', () => {
  it('forgets what is too old bit by bit, and keeps the rest', () => {
    const { db, table } = openTable();
    const kept = Array.from({ length: ROWS / 2 }, () => randomBytes(16));
    const old = Array.from({ length: ROWS / 2 }, () => randomBytes(16));
    db.transaction(() => {
      for (const key of kept) table.add(seen(key, TODAY - REMEMBERED_DAYS));
      for (const key of old) table.add(seen(key, OLD));
    });
    const left: number[] = [];
    for (let n = 0; n < 20; n++) {
      table.prune(TODAY, 10);
      left.push(countRows(db));
    }
    for (const [n, rows] of left.entries()) {
      expect((left[n - 1] ?? ROWS) - rows).toBeLessThanOrEqual(1000 + 70 * 10);
    }
    expect(left[0]).toBeGreaterThan(ROWS / 2);
    expect(left.at(-1)).toBe(ROWS / 2);
    for (const key of kept) expect(table.add(seen(key, TODAY))).toBe(false);
    for (const key of old) expect(table.add(seen(key, TODAY))).toBe(true);
  });

  it('takes a row that is too old for none, before it is removed', () => {
    const { table } = openTable();
    const keys = Array.from({ length: 3000 }, () => randomBytes(16)).sort((a, b) => a.compare(b));
    const last = keys.at(-1) ?? Buffer.alloc(0);
    for (const key of keys) table.add(seen(key, OLD));
    expect(table.add(seen(last, TODAY))).toBe(false);
    table.prune(TODAY, 0);
    expect(table.add(seen(last, TODAY))).toBe(true);
    expect(table.add(seen(last, TODAY))).toBe(false);
  });

  it('sweeps again on another day, and after a batch that was taken back', () => {
    const { db, table } = openTable();
    const add = (receivedDay: number) => table.add(seen(randomBytes(16), receivedDay));
    add(OLD);
    add(OLD + 1);
    add(TODAY);
    table.prune(TODAY, 1);
    table.prune(TODAY, 1);
    expect(countRows(db)).toBe(2);
    expect(() =>
      db.transaction(() => {
        table.prune(TODAY + 1, 1);
        expect(countRows(db)).toBe(1);
        throw new Error('taken back');
      }),
    ).toThrow('taken back');
    table.forget();
    table.prune(TODAY + 1, 1);
    expect(countRows(db)).toBe(1);
  });

  it('knows what it has not removed yet again once a clock that was ahead is back', () => {
    const { table } = openTable();
    const keys = Array.from({ length: 3000 }, () => randomBytes(16)).sort((a, b) => a.compare(b));
    const last = keys.at(-1) ?? Buffer.alloc(0);
    for (const key of keys) table.add(seen(key, TODAY));
    table.prune(TODAY + 4000, 0);
    table.prune(TODAY, 0);
    expect(table.add(seen(last, TODAY))).toBe(false);
  });

  it('remembers as long as any what came while the clock was behind', () => {
    const { table } = openTable();
    const key = randomBytes(16);
    table.prune(TODAY, 1);
    expect(table.add(seen(key, TODAY - 3000))).toBe(true);
    table.prune(TODAY - 3000, 1);
    table.prune(TODAY + REMEMBERED_DAYS, 1);
    expect(table.add(seen(key, TODAY + REMEMBERED_DAYS))).toBe(false);
    table.prune(TODAY + REMEMBERED_DAYS + 1, 1);
    expect(table.add(seen(key, TODAY + REMEMBERED_DAYS + 1))).toBe(true);
  });
});
