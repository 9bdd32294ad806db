import { hasRecords, readApplied, RECORDS } from './applied-migrations.js';
import { describeStore } from './describe-store.js';
import { MIGRATIONS } from './migrations/migrations.js';
import { namesOf, refuseEncoding, refuseForeign } from './refuse-database.js';
import { readClockLead } from './shared/store-clock.js';
import { readPrimaryAddress, readStoreAddress } from './store-address.js';
import { withSession } from './with-session.js';

/** What a server says of itself. */
export interface ServerFacts {
  /** For people. */
  readonly place: string;
  /** How long a question and its answer took, in milliseconds. */
  readonly answerMs: number;
  readonly version: string;
  readonly isStandby: boolean;
  /** How far a standby is behind, in milliseconds; 0 where it has all that was sent to it. */
  readonly behindMs: number;
  /** Whether it writes to its disk what it has committed. */
  readonly isSynced: boolean;
  /** How far the clock of this machine is ahead of its own, in milliseconds. */
  readonly clockLeadMs: number;
  /** Whether the tables of a collector are there. */
  readonly isMade: boolean;
  /** Whether they may be made. */
  readonly mayMake: boolean;
}

const FACTS = `
  SELECT current_setting('server_version') AS version,
    pg_is_in_recovery() AS "isStandby",
    CASE WHEN pg_is_in_recovery() AND pg_last_wal_receive_lsn() IS DISTINCT FROM pg_last_wal_replay_lsn()
      THEN (extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)::int8
    END AS "behindMs",
    current_setting('fsync')::bool AS "isSynced",
    has_schema_privilege(current_schema(), 'CREATE') AS "mayMake"`;

interface Row extends Omit<
  ServerFacts,
  'place' | 'answerMs' | 'behindMs' | 'clockLeadMs' | 'isMade'
> {
  /** `null` where nothing is left to replay. */
  readonly behindMs: number | null;
}

export interface ExamineOptions {
  /** Whether one that takes no writes will do. */
  readonly isReplica: boolean;
  /** Where the collector keeps the last timelines of primaries. */
  readonly timelines: string;
  readonly now: () => Date;
}

/**
 * Asks a server of a store for what a collector needs of it. It changes nothing.
 *
 * @throws What a start would, if it cannot be used.
 */
export async function examineServer(
  address: string,
  { isReplica, timelines, now }: ExamineOptions,
): Promise<ServerFacts> {
  const place = describeStore(address);
  const store = isReplica ? readStoreAddress(address) : readPrimaryAddress(address, timelines);
  return withSession(store, async (session) => {
    await refuseEncoding(session);
    const isMade = await hasRecords(session);
    if (isMade) await readApplied(session, MIGRATIONS);
    else await refuseForeign(session, [RECORDS, ...namesOf(MIGRATIONS, true)]);
    const askedMs = performance.now();
    const row = await session.get<Row>(FACTS);
    const answerMs = Math.ceil(performance.now() - askedMs);
    if (row === undefined) throw new Error('A row that is always there is not there.');
    const clockLeadMs = await readClockLead(session, now);
    return { ...row, place, answerMs, isMade, clockLeadMs, behindMs: row.behindMs ?? 0 };
  });
}
