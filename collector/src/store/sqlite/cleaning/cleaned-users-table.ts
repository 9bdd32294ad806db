import type { UserState } from '../../../rules/user-state.js';
import type { Database } from '../../../sqlite/database.js';
import type { Resolve } from '../../codec/resolve.js';
import { fromRow, type UserRow } from '../users-table.js';

/** A user as a cleaning took it out. */
export interface CleanedUser {
  readonly uid: Buffer;
  readonly state: UserState<number>;
}

/**
 * The users that cleanings took out. A user whom several took has a row for each; the rows hold
 * what was counted one after the other. Use it inside a transaction.
 */
export interface CleanedUsersTable {
  /** Copies a user's row. Notes which earlier cleanings have taken the same user. */
  add(cleaning: number, projectId: number, uid: Uint8Array): void;
  /** What cleanings have taken of a user, in the order in which it was counted. */
  statesOf(projectId: number, uid: Uint8Array): UserState<number>[];
  /** The next users of a cleaning after one. */
  page(cleaning: number, after: Uint8Array, limit: number): CleanedUser[];
  remove(cleaning: number, projectId: number, uid: Uint8Array): void;
  /** Erases a user from all cleanings. */
  erase(projectId: number, uid: Uint8Array): void;
  /** Erases some users of a cleaning. @returns How many. */
  eraseSome(cleaning: number, limit: number): number;
  /** Looks again whether the table is empty, after a rollback. */
  forget(): void;
}

/** What cleanings took of a user; what is being erased for good counts as gone. */
export const CLEANED_STATES = `
  SELECT cleaned_users.* FROM cleaned_users JOIN cleanings ON n = cleaning
  WHERE cleaned_users.project_id = ?1 AND uid = ?2 AND state <> 'expiring'
  ORDER BY cleaning`;

/** Creates the access to the table on the writing connection. */
export function createCleanedUsersTable(db: Database, resolve: Resolve): CleanedUsersTable {
  const any = db.prepare<{ n: number }>(
    'SELECT count(*) AS n FROM (SELECT 1 FROM cleaned_users LIMIT 1)',
  );
  const add = db.prepare(
    'INSERT INTO cleaned_users SELECT ?1, * FROM users WHERE project_id = ?2 AND uid = ?3',
  );
  const cover = db.prepare(
    `INSERT OR IGNORE INTO cleaning_covers(below, above)
     SELECT cleaning, ?1 FROM cleaned_users WHERE project_id = ?2 AND uid = ?3 AND cleaning < ?1`,
  );
  const states = db.prepare<UserRow>(CLEANED_STATES, { bigints: true });
  const page = db.prepare<UserRow & { readonly uid: Buffer }>(
    `SELECT users.* FROM cleaned_users AS users INDEXED BY cleaned_users_order
     WHERE cleaning = ? AND uid > ? ORDER BY uid LIMIT ?`,
    { bigints: true },
  );
  const remove = db.prepare(
    'DELETE FROM cleaned_users WHERE project_id = ? AND uid = ? AND cleaning = ?',
  );
  const erase = db.prepare('DELETE FROM cleaned_users WHERE project_id = ? AND uid = ?');
  const eraseSome = db.prepare(
    `DELETE FROM cleaned_users WHERE cleaning = ?1 AND (project_id, uid) IN (
       SELECT project_id, uid FROM cleaned_users INDEXED BY cleaned_users_order
       WHERE cleaning = ?1 ORDER BY uid LIMIT ?2
     )`,
  );
  // Saves a query per user while nothing is taken out. It can only be false for an empty table.
  let isEmpty = any.get()?.n === 0;

  return {
    add: (cleaning, projectId, uid) => {
      if (!isEmpty) cover.run([cleaning, projectId, uid]);
      add.run([cleaning, projectId, uid]);
      isEmpty = false;
    },
    statesOf: (projectId, uid) =>
      isEmpty ? [] : states.all([projectId, uid]).map((row) => fromRow(row, resolve)),
    page: (cleaning, after, limit) =>
      page
        .all([cleaning, after, limit])
        .map((row) => ({ uid: row.uid, state: fromRow(row, resolve) })),
    remove: (cleaning, projectId, uid) => void remove.run([projectId, uid, cleaning]),
    erase: (projectId, uid) => {
      if (!isEmpty) erase.run([projectId, uid]);
    },
    eraseSome: (cleaning, limit) => eraseSome.run([cleaning, limit]).changes,
    forget: () => {
      isEmpty = any.get()?.n === 0;
    },
  };
}
