import { type CleanedValue, type CleaningSelection } from '../../../rules/cleaning.js';
import { OTHER } from '../../../rules/limits.js';
import { UID_BYTES } from '../../../rules/uid.js';
import type { UserState } from '../../../rules/user-state.js';
import type { Database } from '../../../sqlite/database.js';
import type { Resolve } from '../../codec/resolve.js';
import { fromRow, type UserRow } from '../users-table.js';
import type { CleanedUser } from './cleaned-users-table.js';

/** Some users of a project, those that a selection cannot take left out. */
export interface UserPage {
  readonly users: readonly CleanedUser[];
  /** The last user that was looked at; `undefined` after the last page. */
  readonly end: Buffer | undefined;
}

/** Greater than every uid. */
const AFTER_LAST = Buffer.alloc(UID_BYTES + 1, 0xff);

/**
 * Prepares reading the users that a cleaning may take, a bounded number of rows at a time.
 *
 * @param resolver - Called once for each page.
 */
export function prepareUserPages(
  db: Database,
  resolver: () => Resolve,
): (projectId: number, selection: CleaningSelection, after: Uint8Array, limit: number) => UserPage {
  const endOfPage = db.prepare<{ uid: Buffer }>(
    'SELECT uid FROM users WHERE project_id = ? AND uid > ? ORDER BY uid LIMIT 1 OFFSET ?',
  );
  const page = db.prepare<UserRow & { readonly uid: Buffer }>(
    `SELECT * FROM users WHERE project_id = ?1 AND uid > ?2 AND uid <= ?3
     AND first_day BETWEEN ?4 AND ?5 ORDER BY uid`,
    { bigints: true },
  );
  return (projectId, { days }, after, limit) => {
    const end = endOfPage.get([projectId, after, limit - 1])?.uid;
    const { from, to } = days ?? { from: -1e9, to: 1e9 };
    const rows = page.all([projectId, after, end ?? AFTER_LAST, from, to]);
    const resolve = resolver();
    return { users: rows.map((row) => ({ uid: row.uid, state: fromRow(row, resolve) })), end };
  };
}

/** Prepares finding a value's number; `undefined` if the project has no such value. */
export function prepareValueId(
  db: Database,
): (projectId: number, value: CleanedValue) => number | undefined {
  const find = db.prepare<{ id: number }>(
    'SELECT id FROM dims WHERE project_id = ? AND dim = ? AND value = ?',
  );
  return (projectId, { dimension, value }) => find.get([projectId, dimension, value])?.id;
}

/** Prepares replacing the numbers of a user's newest values by their names. */
export function prepareValueNames(db: Database): (user: UserState<number>) => UserState<string> {
  const find = db.prepare<{ value: string }>('SELECT value FROM dims WHERE id = ?');
  const nameOf = (id: number): string => find.get([id])?.value ?? OTHER;
  return (user) => ({
    ...user,
    os: nameOf(user.os),
    version: nameOf(user.version),
    runs: [],
    said: new Map(),
  });
}
