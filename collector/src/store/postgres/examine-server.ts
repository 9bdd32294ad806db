import { describeStore } from './describe-store.js';
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
  readonly encoding: string;
  /** Whether commits are on the disk when they are confirmed. */
  readonly isDurable: boolean;
  /** Its clock beside that of this machine, in milliseconds. */
  readonly clockGapMs: number;
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
    current_setting('server_encoding') AS encoding,
    current_setting('fsync') = 'on' AS "isDurable",
    (extract(epoch FROM clock_timestamp()) * 1000)::int8 AS at,
    to_regclass('schema_migrations') IS NOT NULL AS "isMade",
    current_schema() IS NOT NULL AND has_schema_privilege(current_schema(), 'CREATE') AS "mayMake"`;

interface Row extends Omit<ServerFacts, 'place' | 'answerMs' | 'behindMs' | 'clockGapMs'> {
  /** `null` where nothing is left to replay. */
  readonly behindMs: number | null;
  /** In milliseconds since 1970. */
  readonly at: number;
}

/**
 * Asks a server of a store for what a collector needs of it. It changes nothing.
 *
 * @param isReplica - Whether one that takes no writes will do.
 * @throws `StoreDownError` or `MoveError`, which say why it cannot be used.
 */
export async function examineServer(address: string, isReplica: boolean): Promise<ServerFacts> {
  const place = describeStore(address);
  const store = isReplica ? readStoreAddress(address) : readPrimaryAddress(address);
  return withSession(store, async (session) => {
    // The first question of a session waits for its plan.
    await session.get(FACTS);
    const askedAt = Date.now();
    const row = await session.get<Row>(FACTS);
    const answeredAt = Date.now();
    if (row === undefined) throw new Error('A row that is always there is not there.');
    const { at, behindMs, ...facts } = row;
    return {
      ...facts,
      place,
      answerMs: answeredAt - askedAt,
      behindMs: behindMs ?? 0,
      clockGapMs: at - (askedAt + answeredAt) / 2,
    };
  });
}
