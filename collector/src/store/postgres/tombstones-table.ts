import { DAY_MS } from '../../rules/day.js';
import { TOMBSTONE_DAYS } from '../../rules/limits.js';
import type { Deletion } from '../store.js';
import { type Connection, fromUuid, toUuid } from './connection.js';

/** The deleted users. Use it inside a transaction. */
export interface TombstonesTable {
  /** When some users were deleted, in milliseconds since 1970, by {@link uidKey}. */
  find(uids: readonly Uint8Array[]): Promise<ReadonlyMap<string, number>>;
  add(deletion: Deletion): Promise<void>;
  /**
   * Removes expired tombstones.
   *
   * @param today - Numbered since 1970.
   */
  prune(today: number): Promise<void>;
}

/** A user's hash as the key of a map. */
export const uidKey = (uid: Uint8Array): string => Buffer.from(uid).toString('latin1');

/**
 * Creates the access to the table.
 *
 * @param keptDays - For how many days a tombstone stays.
 */
export function createTombstonesTable(
  connection: Connection,
  keptDays = TOMBSTONE_DAYS,
): TombstonesTable {
  return {
    find: async (uids) => {
      const rows = await connection.all<{ uid: string; deleted_at: number }>(
        'SELECT uid, deleted_at FROM tombstones WHERE uid = ANY($1::uuid[])',
        [[...new Set(uids.map(toUuid))]],
      );
      return new Map(rows.map((row) => [uidKey(fromUuid(row.uid)), row.deleted_at]));
    },
    add: async ({ uid, deletedAt }) => {
      await connection.run(
        `INSERT INTO tombstones(uid, deleted_at) VALUES ($1, $2) ON CONFLICT (uid)
         DO UPDATE SET deleted_at = greatest(tombstones.deleted_at, excluded.deleted_at)`,
        [toUuid(uid), deletedAt],
      );
    },
    prune: async (today) => {
      await connection.run('DELETE FROM tombstones WHERE deleted_at < $1', [
        (today - keptDays) * DAY_MS,
      ]);
    },
  };
}
