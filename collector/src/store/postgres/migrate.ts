import { setTimeout as wait } from 'node:timers/promises';
import { hasCode } from '../../has-code.js';
import { StoreSchemaError } from '../store-schema-error.js';
import {
  hasRecords,
  makeRecords,
  readApplied,
  recordApplied,
  RECORDS,
} from './applied-migrations.js';
import type { Connection } from './connection.js';
import type { AddedIndex, Migration } from './migrations/migration.js';
import { MIGRATIONS } from './migrations/migrations.js';
import { namesOf, refuseEncoding, refuseForeign } from './refuse-database.js';
import { claimFromOlder } from './schema-claim.js';
import { FIND_GONE_NODES } from './server-watch.js';
import type { StoreAddress } from './store-address.js';
import { withSession } from './with-session.js';

/** One node changes the schema at a time. Any number that nothing else of the collector uses. */
const LOCK = 'SELECT pg_try_advisory_lock(4762001, hashtext(current_schema())) AS free';

/** How often a node looks whether another one has changed the schema, in milliseconds. */
const LOOK_EVERY_MS = 200;

/** How long a step waits for statements of others, which wait behind it meanwhile, in milliseconds. */
const LOCK_MS = 1000;

/** How long it lets them go on before it tries again, in milliseconds. */
const PAUSE_MS = 1000;

const MAX_TRIES = 60;

/** Of a lock that was not had in time, and of a deadlock. */
const OF_LOCKS = ['55P03', '40P01'] as const;

/**
 * Brings the schema of a store up to date while other nodes count, also of the release before. What
 * takes away what older nodes need is left for a later start as long as one of them is connected.
 *
 * @param appliedAt - Written beside each step, in milliseconds since 1970.
 * @throws `StoreSchemaError` if this release cannot work with the schema.
 */
export function migrate(
  store: StoreAddress,
  appliedAt: number,
  migrations = MIGRATIONS,
): Promise<void> {
  return withSession(store, async (session) => {
    await refuseEncoding(session);
    if (await hasRecords(session)) {
      const applied = await readApplied(session, migrations);
      // Nobody waits for a change that it does not need.
      if (migrations.every((_, at) => applied.has(at + 1))) return;
    }
    await session.exec(`${FIND_GONE_NODES}; SET statement_timeout = 0; SET lock_timeout = 0`);
    // In a statement that waits, it would be waited for by an index that another node makes.
    while ((await session.get<{ free: boolean }>(LOCK))?.free !== true) await wait(LOOK_EVERY_MS);
    const applied = await tryOften(() => inTime(session, () => prepare(session, migrations)));
    for (const [at, migration] of migrations.entries()) {
      const version = at + 1;
      if (applied.has(version)) continue;
      const record = (): Promise<void> => recordApplied(session, version, migration, appliedAt);
      await tryOften(() =>
        'sql' in migration
          ? change(session, migration.sql, migration.worksFrom, record)
          : addIndex(session, migration, applied.size === 0, record),
      );
    }
  });
}

/** Finds the steps that a store has; what is made to keep them goes if there are tables in their way. */
async function prepare(
  session: Connection,
  migrations: readonly Migration[],
): Promise<ReadonlySet<number>> {
  if (!(await hasRecords(session))) {
    await refuseForeign(session, [RECORDS]);
    await makeRecords(session);
  }
  const applied = await readApplied(session, migrations);
  const steps = migrations.filter((_, at) => !applied.has(at + 1));
  await refuseForeign(session, namesOf(steps, applied.size === 0));
  return applied;
}

/** Runs statements and keeps that in one transaction, unless they take away what a node needs. */
const change = (
  session: Connection,
  sql: string,
  worksFrom: number | undefined,
  record: () => Promise<void>,
): Promise<void> =>
  inTime(session, async () => {
    if (worksFrom !== undefined && !(await claimFromOlder(session, worksFrom))) return;
    await session.exec(sql);
    await record();
  });

/** Makes an index while others write. What a node that died has left of it is made anew. */
async function addIndex(
  session: Connection,
  { index, on }: AddedIndex,
  isNew: boolean,
  record: () => Promise<void>,
): Promise<void> {
  // In a new store nobody writes, and long questions of other stores are not waited for.
  if (isNew) return change(session, `CREATE INDEX ${index} ON ${on}`, undefined, record);
  const found = await session.get<{ valid: boolean }>(
    `SELECT indisvalid AS valid FROM pg_index
     WHERE indexrelid = to_regclass(format('%I.%I', current_schema(), $1::text))`,
    [index],
  );
  if (found?.valid === false) await session.exec(`DROP INDEX CONCURRENTLY ${index}`);
  if (found?.valid !== true) await session.exec(`CREATE INDEX CONCURRENTLY ${index} ON ${on}`);
  await record();
}

/** Runs work in a transaction that waits for no lock longer than others can wait for it. */
async function inTime<Result>(session: Connection, work: () => Promise<Result>): Promise<Result> {
  await session.exec(`BEGIN; SET LOCAL lock_timeout = ${LOCK_MS}`);
  try {
    const result = await work();
    await session.exec('COMMIT');
    return result;
  } catch (error) {
    await session.exec('ROLLBACK').catch(() => undefined); // the connection may be what failed
    throw error;
  }
}

async function tryOften<Result>(step: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await step();
    } catch (error) {
      if (!hasCode(error, ...OF_LOCKS)) throw error;
      if (tries === MAX_TRIES) {
        throw new StoreSchemaError(
          'The schema could not be changed: statements of others have held its tables for minutes. ' +
            'pg_stat_activity names them. End them, and start this collector again.',
          { cause: error },
        );
      }
    }
    await wait(PAUSE_MS);
  }
}
