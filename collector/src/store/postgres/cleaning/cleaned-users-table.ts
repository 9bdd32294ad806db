import type { UserState } from '../../../rules/user-state.js';
import type { Resolve } from '../../codec/resolve.js';
import { type Connection, fromUuid, toUuid } from '../connection.js';
import { fromRow, USER_COLUMNS, type UserKey, type UserRow } from '../users-table.js';

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
  /** Copies users' rows. Notes which earlier cleanings have taken the same users. */
  add(cleaning: number, projectId: number, uids: readonly Uint8Array[]): Promise<void>;
  /** What cleanings have taken of users, in the order in which it was counted. */
  statesOf(keys: readonly UserKey[]): Promise<ReadonlyMap<string, readonly UserState<number>[]>>;
  /** The next users of a cleaning after one. */
  page(
    cleaning: { readonly n: number; readonly projectId: number; readonly cursor: string | null },
    limit: number,
  ): Promise<CleanedUser[]>;
  remove(cleaning: number, uids: readonly Uint8Array[]): Promise<void>;
  /** Erases a user from all cleanings. */
  erase(projectId: number, uid: Uint8Array): Promise<void>;
  /** Erases some users of a cleaning. @returns How many. */
  eraseSome(cleaning: number, limit: number): Promise<number>;
}

/** A user as the key of a map. */
export const cleanedKey = ({ projectId, uid }: UserKey): string =>
  `${projectId} ${Buffer.from(uid).toString('hex')}`;

// What is being erased for good counts as gone.
const STATES = `
  SELECT ${USER_COLUMNS} FROM unnest($1::int[], $2::uuid[]) k(project_id, uid)
  JOIN cleaned_users u USING (project_id, uid) JOIN cleanings ON n = u.cleaning
  WHERE state <> 'expiring' ORDER BY u.cleaning`;

const OF_CLEANING = 'cleaning = $1 AND uid = ANY($2::uuid[])';

/** Creates the access to the table. */
export function createCleanedUsersTable(
  connection: Connection,
  resolverOf: (projectId: number) => Resolve,
): CleanedUsersTable {
  return {
    add: async (cleaning, projectId, uids) => {
      if (uids.length === 0) return;
      const values = [cleaning, projectId, uids.map(toUuid)];
      await connection.run(
        `INSERT INTO cleaning_covers(below, above)
         SELECT DISTINCT cleaning, $1::int FROM cleaned_users
         WHERE project_id = $2 AND uid = ANY($3::uuid[]) AND cleaning < $1
         ON CONFLICT DO NOTHING`,
        values,
      );
      await connection.run(
        `INSERT INTO cleaned_users SELECT $1, users.* FROM users
         WHERE project_id = $2 AND uid = ANY($3::uuid[])`,
        values,
      );
    },
    statesOf: async (keys) => {
      const found = new Map<string, UserState<number>[]>();
      if (keys.length === 0) return found;
      const rows = await connection.all<UserRow>(STATES, [
        keys.map(({ projectId }) => projectId),
        keys.map(({ uid }) => toUuid(uid)),
      ]);
      for (const row of rows) {
        const key = cleanedKey({ projectId: row.project_id, uid: fromUuid(row.uid) });
        const state = fromRow(row, resolverOf(row.project_id));
        const states = found.get(key);
        if (states) states.push(state);
        else found.set(key, [state]);
      }
      return found;
    },
    page: async ({ n, projectId, cursor }, limit) => {
      const rows = await connection.all<UserRow>(
        `SELECT ${USER_COLUMNS} FROM cleaned_users u
         WHERE cleaning = $1 AND ($2::uuid IS NULL OR uid > $2) ORDER BY uid LIMIT $3`,
        [n, cursor, limit],
      );
      const resolve = resolverOf(projectId);
      return rows.map((row) => ({ uid: fromUuid(row.uid), state: fromRow(row, resolve) }));
    },
    remove: async (cleaning, uids) => {
      await connection.run(`DELETE FROM cleaned_users WHERE ${OF_CLEANING}`, [
        cleaning,
        uids.map(toUuid),
      ]);
    },
    erase: async (projectId, uid) => {
      await connection.run('DELETE FROM cleaned_users WHERE project_id = $1 AND uid = $2', [
        projectId,
        toUuid(uid),
      ]);
    },
    eraseSome: (cleaning, limit) =>
      connection.run(
        `DELETE FROM cleaned_users WHERE cleaning = $1 AND uid IN (
           SELECT uid FROM cleaned_users WHERE cleaning = $1 ORDER BY uid LIMIT $2
         )`,
        [cleaning, limit],
      ),
  };
}
