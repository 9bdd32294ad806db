import { DAY_MS } from '../../rules/day.js';
import { TOMBSTONE_DAYS } from '../../rules/limits.js';
import type { Database } from '../../sqlite/database.js';
import type { Deletion } from '../store.js';

/** The deleted users. Use it inside a transaction. */
export interface TombstonesTable {
  /** Whether a report made at a moment, in milliseconds since 1970, precedes a deletion. */
  covers(uid: Uint8Array, madeAt: number): boolean;
  add(deletion: Deletion): void;
  /**
   * Removes expired tombstones.
   *
   * @param today - Numbered since 1970.
   */
  prune(today: number): void;
}

/**
 * Creates the access to the table on the writing connection.
 *
 * @param keptDays - For how many days a tombstone stays.
 */
export function createTombstonesTable(db: Database, keptDays = TOMBSTONE_DAYS): TombstonesTable {
  const any = db.prepare<{ n: number }>(
    'SELECT count(*) AS n FROM (SELECT 1 FROM tombstones LIMIT 1)',
  );
  const find = db.prepare<{ deletedAt: number }>(
    'SELECT deleted_at AS deletedAt FROM tombstones WHERE uid = ?',
  );
  const add = db.prepare(
    `INSERT INTO tombstones(uid, deleted_at) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET deleted_at = max(deleted_at, excluded.deleted_at)`,
  );
  const prune = db.prepare('DELETE FROM tombstones WHERE deleted_at < ?');
  // Saves a query per report while nobody is deleted. After a rollback it can only be false for an
  // empty table, which costs time and nothing else.
  let isEmpty = any.get()?.n === 0;

  return {
    covers: (uid, madeAt) => {
      if (isEmpty) return false;
      const deletedAt = find.get([uid])?.deletedAt;
      return deletedAt !== undefined && madeAt <= deletedAt;
    },
    add: ({ uid, deletedAt }) => {
      add.run([uid, deletedAt]);
      isEmpty = false;
    },
    prune: (today) => {
      if (!isEmpty) prune.run([(today - keptDays) * DAY_MS]);
    },
  };
}
