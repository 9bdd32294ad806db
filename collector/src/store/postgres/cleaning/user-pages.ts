import type { CleanedValue, CleaningSelection } from '../../../rules/cleaning.js';
import { OTHER } from '../../../rules/limits.js';
import type { UserState } from '../../../rules/user-state.js';
import type { Resolve } from '../../codec/resolve.js';
import { type Connection, fromUuid } from '../connection.js';
import { fromRow, USER_COLUMNS, type UserRow } from '../users-table.js';
import type { CleanedUser } from './cleaned-users-table.js';

/** Some users of a project, those that a selection cannot take left out. */
export interface UserPage {
  readonly users: readonly CleanedUser[];
  /** The last user that was looked at, as `uuid`; `undefined` after the last page. */
  readonly end: string | undefined;
}

/** Users that a cleaning may take, after one. */
export interface UserPageQuestion {
  readonly projectId: number;
  readonly selection: CleaningSelection;
  readonly after: string | null;
  readonly limit: number;
}

/** Reads the users that a cleaning may take, a bounded number of rows at a time. */
export async function readUserPage(
  connection: Connection,
  { projectId, selection, after, limit }: UserPageQuestion,
  resolve: Resolve,
): Promise<UserPage> {
  const row = await connection.get<{ uid: string }>(
    `SELECT uid FROM users WHERE project_id = $1 AND ($2::uuid IS NULL OR uid > $2)
     ORDER BY uid LIMIT 1 OFFSET $3`,
    [projectId, after, limit - 1],
  );
  const end = row?.uid;
  const { from, to } = selection.days ?? { from: -1e9, to: 1e9 };
  const rows = await connection.all<UserRow>(
    `SELECT ${USER_COLUMNS} FROM users u
     WHERE project_id = $1 AND ($2::uuid IS NULL OR uid > $2) AND ($3::uuid IS NULL OR uid <= $3)
       AND first_day BETWEEN $4 AND $5 ORDER BY uid`,
    [projectId, after, end ?? null, from, to],
  );
  return {
    users: rows.map((one) => ({ uid: fromUuid(one.uid), state: fromRow(one, resolve) })),
    end,
  };
}

/** Finds a value's number; `undefined` if the project has no such value. */
export async function findValueId(
  connection: Connection,
  projectId: number,
  { dimension, value }: CleanedValue,
): Promise<number | undefined> {
  const row = await connection.get<{ id: number }>(
    'SELECT value_id AS id FROM dims WHERE project_id = $1 AND dim = $2 AND value = $3',
    [projectId, dimension, value],
  );
  return row?.id;
}

/** Replaces the numbers of users' newest values by their names. */
export async function nameUsers(
  connection: Connection,
  projectId: number,
  users: readonly UserState<number>[],
): Promise<UserState<string>[]> {
  const ids = [...new Set(users.flatMap(({ os, version }) => [os, version]))];
  const rows = await connection.all<{ id: number; value: string }>(
    'SELECT value_id AS id, value FROM dims WHERE project_id = $1 AND value_id = ANY($2::int[])',
    [projectId, ids],
  );
  const names = new Map(rows.map(({ id, value }) => [id, value]));
  const nameOf = (id: number): string => names.get(id) ?? OTHER;
  return users.map((user) => ({
    ...user,
    os: nameOf(user.os),
    version: nameOf(user.version),
    runs: [],
    said: new Map(),
  }));
}
