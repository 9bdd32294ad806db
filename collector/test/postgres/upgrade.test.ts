import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Migration } from '../../src/store/postgres/migrations/migration.js';
import { MIGRATIONS } from '../../src/store/postgres/migrations/migrations.js';
import { openNodeWriter, openReaderAt } from '../../src/store/postgres/open-postgres-store.js';
import type { StoreWriter } from '../../src/store/store.js';
import { countedReport as report, noon, TODAY } from '../support/counted-report.js';
import { until } from '../support/until.js';
import { temporarySchema } from './support/temporary-schema.js';

/** The schema of the release before, which knows no later step. */
const OLD = MIGRATIONS.slice(0, 5);

const INDEX = 'tombstones_deleted_at';

interface Counting {
  /** Counts reports of new people. */
  readonly count: (people: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens a node that knows some steps of the schema. */
async function openNode(
  url: string,
  node: string,
  migrations: readonly Migration[],
): Promise<Counting> {
  const writer: StoreWriter = await openNodeWriter(url, { node, openedAt: 0, migrations });
  let position = 0;
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await writer.close();
  };
  onTestFinished(close);
  return {
    close,
    count: async (people) => {
      const after = position;
      position += people;
      const reports = Array.from({ length: people }, (_, n) =>
        report({ user: `${node}-${after + n}` }),
      );
      const place = { journalId: node, after, upTo: position, appliedAt: noon(TODAY) };
      await writer.apply({ ...place, reports, deletions: [] });
    },
  };
}

/** A session of somebody else. */
async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

async function ask<Row extends pg.QueryResultRow>(client: pg.Client, sql: string): Promise<Row[]> {
  return (await client.query<Row>(sql)).rows;
}

const totals = async (url: string): Promise<{ people: number; reports: number }> => {
  const reader = openReaderAt(url);
  const { totalUsers, totalReports } = await reader.summary({ project: 'acme', day: TODAY });
  await reader.close();
  return { people: totalUsers, reports: totalReports };
};

const isValid = async (client: pg.Client): Promise<boolean | undefined> =>
  (
    await ask<{ valid: boolean }>(
      client,
      `SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass('${INDEX}')`,
    )
  )[0]?.valid;

/** Waits until a session runs a statement that waits. */
const untilWaiting = (client: pg.Client, statement: string): Promise<void> =>
  until(`${statement} waits`, async () => {
    const found = await ask(
      client,
      `SELECT FROM pg_stat_activity
       WHERE wait_event_type = 'Lock' AND starts_with(query, '${statement}')`,
    );
    return found.length > 0;
  });

describe('a rolling upgrade', () => {
  it('counts everything by both releases, while the new one changes the schema', async () => {
    const url = await temporarySchema();
    const old = await openNode(url, 'old', OLD);
    await old.count(10);
    const other = await connect(url);
    // A long question, for which a new index has to wait.
    await other.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM tombstones');
    const watch = await connect(url);
    const opening = openNode(url, 'new', MIGRATIONS);
    opening.catch(() => undefined); // awaited below
    await untilWaiting(watch, 'CREATE INDEX CONCURRENTLY');
    // The old release goes on, and starts, before the new one can.
    await old.count(10);
    const second = await openNode(url, 'second', OLD);
    await second.count(10);
    expect(await isValid(watch)).toBe(false);

    await other.query('COMMIT');
    const next = await opening;
    expect(await isValid(watch)).toBe(true);
    const third = await openNode(url, 'third', OLD);
    await Promise.all(
      [old, second, third, next].map(async ({ count }) => {
        for (let round = 0; round < 5; round++) await count(10);
      }),
    );
    expect(await totals(url)).toEqual({ people: 230, reports: 230 });
  });

  it('makes an index anew that a node which died has left half made', async () => {
    const url = await temporarySchema();
    await (await openNode(url, 'old', OLD)).count(1);
    const other = await connect(url);
    await other.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM tombstones');
    const watch = await connect(url);
    const dying = expect(openNode(url, 'new', MIGRATIONS)).rejects.toThrow('terminating');
    await untilWaiting(watch, 'CREATE INDEX CONCURRENTLY');
    await watch.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE query LIKE 'CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'`,
    );
    await dying;
    expect(await isValid(watch)).toBe(false);
    await other.query('COMMIT');
    await (await openNode(url, 'new', MIGRATIONS)).count(1);
    expect(await isValid(watch)).toBe(true);
  });

  it('lets nobody wait behind a change that waits for a long question', async () => {
    const url = await temporarySchema();
    const old = await openNode(url, 'old', MIGRATIONS);
    await old.count(1);
    const other = await connect(url);
    await other.query('BEGIN; SELECT * FROM users');
    const changed: readonly Migration[] = [
      ...MIGRATIONS,
      { name: 'note', sql: 'ALTER TABLE users ADD COLUMN note text' },
    ];
    let isOpen = false;
    const opening = openNode(url, 'new', changed).finally(() => (isOpen = true));
    opening.catch(() => undefined); // awaited below
    const watch = await connect(url);
    await untilWaiting(watch, 'ALTER TABLE users');
    await old.count(10);
    expect(isOpen).toBe(false);
    await other.query('COMMIT');
    await (await opening).count(1);
    await old.count(1);
    expect(await totals(url)).toEqual({ people: 13, reports: 13 });
  });

  it('takes nothing away that a node which is connected needs', async () => {
    const url = await temporarySchema();
    const known = MIGRATIONS.length;
    const old = await openNode(url, 'old', MIGRATIONS);
    const changed: readonly Migration[] = [
      ...MIGRATIONS,
      { name: 'fewer', sql: 'DROP TABLE cleaning_covers', worksFrom: known + 1 },
      { name: 'more', sql: 'CREATE TABLE later(n int)' },
    ];
    const next = await openNode(url, 'new', changed);
    const watch = await connect(url);
    const has = async (table: string): Promise<boolean> => {
      const sql = `SELECT to_regclass('${table}') IS NOT NULL AS has`;
      return (await ask<{ has: boolean }>(watch, sql))[0]?.has ?? false;
    };
    expect([await has('cleaning_covers'), await has('later')]).toEqual([true, true]);
    await old.count(1);
    await next.count(1);
    // Nor is it taken away from one whose connection comes back.
    await old.close();
    const again = await openNode(url, 'old', MIGRATIONS);
    await (await openNode(url, 'newer', changed)).count(1);
    expect(await has('cleaning_covers')).toBe(true);
    await again.close();

    const last = await openNode(url, 'last', changed);
    expect(await has('cleaning_covers')).toBe(false);
    await last.count(1);
    await expect(openNode(url, 'late', MIGRATIONS)).rejects.toThrow(
      `needs a release which knows schema ${known + 1}; this one knows ${known}`,
    );
    expect(await totals(url)).toEqual({ people: 4, reports: 4 });
  });

  it('stops one that comes back to a schema without what it needs, until it is upgraded', async () => {
    const url = await temporarySchema();
    const known = MIGRATIONS.length;
    const old = await openNode(`${url}&application_name=comes%20back`, 'old', MIGRATIONS);
    await old.count(1);
    const watch = await connect(url);
    const changed: readonly Migration[] = [
      ...MIGRATIONS,
      { name: 'fewer', sql: 'DROP TABLE cleaning_covers', worksFrom: known + 1 },
    ];
    await watch.query(
      `SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity
       WHERE application_name = 'comes back'`,
    );
    await openNode(url, 'new', changed);
    await until('it says why it stops', async () => {
      const why = await old.count(1).then(String, String);
      return why.includes(`needs a release that knows schema ${known + 1}`);
    });
    expect(await totals(url)).toEqual({ people: 1, reports: 1 });
  });
});
