import { createHash } from 'node:crypto';
import { MOVED_TABLES } from '../moving/moved-tables.js';
import {
  MoveError,
  type MoveSource,
  type MoveTarget,
  type SharedSettings,
} from '../moving/move-side.js';
import { refuseLater } from './applied-migrations.js';
import { claimToMove, readMark, writeMark } from './claim-store.js';
import { type Connection, connectionOf } from './connection.js';
import { openPostgresReader } from './counts-reader.js';
import { describeStore, explainConnectError } from './describe-store.js';
import { FOLDED_LANE } from './fold-lanes.js';
import { migrate } from './migrate.js';
import { MIGRATIONS } from './migrations/migrations.js';
import { createPostgresRows } from './moved-rows.js';
import { hasSettings, readSettings } from './shared/read-settings.js';
import { claimSettings, writeSettings } from './shared/write-settings.js';
import { createRecentTable } from './recent-table.js';
import { claimSchema } from './schema-claim.js';
import { readPrimaryAddress } from './store-address.js';
import { COMMIT } from './transactions.js';
import { connectTo } from './writing-connection.js';

/**
 * Opens a store that counts come from or go to, and keeps everybody else from counting in it.
 *
 * @throws `MoveError`
 */
export async function openPostgresSide(
  address: string,
  openedAt: number,
  timelines?: string,
): Promise<MoveSource & MoveTarget & { readonly settings: SharedSettings }> {
  const name = describeStore(address);
  const store = readPrimaryAddress(address, timelines);
  const client = await connectTo(store).catch((error: unknown) => {
    throw explainConnectError(error, name);
  });
  const connection = connectionOf(client);
  try {
    await migrate(store, openedAt);
    await claimSchema(connection, MIGRATIONS.length);
    await refuseLater(connection, MIGRATIONS);
    if (!(await claimToMove(connection))) {
      throw new MoveError(
        `A collector or another move uses ${name}. Nothing was changed. Stop it, after it has ` +
          'counted what it took, and run this again.',
      );
    }
  } catch (error) {
    await client.end();
    throw explainConnectError(error, name);
  }
  const reader = openPostgresReader(store);
  const transaction = async (work: () => Promise<void>): Promise<void> => {
    await connection.exec('BEGIN');
    try {
      await work();
      await connection.exec(COMMIT);
    } catch (error) {
      await connection.exec('ROLLBACK').catch(() => undefined); // the connection may be what failed
      throw explainConnectError(error, name);
    }
  };
  const rows = createPostgresRows(connection);
  return {
    ...{ name, numbersWithinProjects: true, ...rows, reader },
    settings: {
      read: () => readSettings(connection),
      write: (settings) =>
        transaction(async () => {
          await connection.exec('TRUNCATE shared_kinds, shared_documents, shared_log');
          await claimSettings(connection);
          await writeSettings(connection, settings);
        }),
    },
    pepperId: () => readPepperId(connection),
    mark: () => readMark(connection),
    fingerprint: () => fingerprintOf(connection),
    dropped: () => new Set(),
    setMark: (mark) => transaction(() => writeMark(connection, mark)),
    isEmpty: async () => {
      const row = await connection.get<{ any: boolean }>(
        `SELECT EXISTS(SELECT FROM projects) OR EXISTS(SELECT FROM seen_reports)
           OR EXISTS(SELECT FROM tombstones) OR EXISTS(SELECT FROM quality) AS any`,
      );
      return row?.any === false && !(await hasSettings(connection));
    },
    begin: (mark) =>
      transaction(async () => {
        await connection.exec(
          `TRUNCATE ${MOVED_TABLES.map((table) => table.name).join(', ')}, recent`,
        );
        await writeMark(connection, mark);
      }),
    write: (some, mark) =>
      transaction(async () => {
        for (const one of some) await rows.insert(one);
        await writeMark(connection, mark);
      }),
    finish: () => transaction(() => finish(connection)),
    publish: () => transaction(() => writeMark(connection, null)),
    close: async () => {
      await reader.close();
      await client.end();
    },
  };
}

/** What a store keeps besides the rows that move. */
async function finish(connection: Connection): Promise<void> {
  await connection.exec(`
    UPDATE projects SET next_value = 1 + coalesce((
      SELECT max(value_id) FROM (
        SELECT value_id FROM dims UNION ALL SELECT value_id FROM given_up
      ) known
    ), 0);
    SELECT setval(pg_get_serial_sequence('projects', 'id'), max(id)) FROM projects HAVING max(id) > 0;
    SELECT setval(pg_get_serial_sequence('cleanings', 'n'), max(n)) FROM cleanings HAVING max(n) > 0;
    UPDATE positions SET newest_day = greatest(newest_day, (
      SELECT max(day) FROM (
        SELECT day, kind FROM quality UNION ALL
        SELECT day, key FROM cleaned_counts WHERE kind = 'quality'
      ) received WHERE kind IN ('accepted', 'duplicates', 'forgotten')
    ));`);
  const projects = await connection.all<{ id: number }>('SELECT id FROM projects');
  const recent = createRecentTable(connection, () => FOLDED_LANE);
  for (const { id } of projects) await recent.rebuild(id);
  await connection.exec(`ANALYZE ${MOVED_TABLES.map(({ name }) => name).join(', ')}`);
}

async function fingerprintOf(connection: Connection): Promise<string> {
  const rows: unknown[] = [];
  for (const sql of [
    'SELECT journal_id, position FROM positions ORDER BY journal_id',
    'SELECT n, state, done, cursor FROM cleanings ORDER BY n',
    'SELECT * FROM kept_days ORDER BY what, first_run',
  ]) {
    rows.push(await connection.all(sql));
  }
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}

async function readPepperId(connection: Connection): Promise<string | null> {
  const row = await connection.get<{ value: string }>(
    `SELECT value FROM about WHERE name = 'pepper'`,
  );
  return row?.value ?? null;
}
