import { OTHER } from '../../../rules/limits.js';
import { mergeSaid } from '../../../rules/said-values.js';
import { mergeUsers } from '../../../rules/user-state.js';
import { nameSaid } from '../../answers/name-said.js';
import { toCounted } from '../../answers/to-counted.js';
import type { Resolve } from '../../codec/resolve.js';
import { decodeSaid } from '../../codec/said-column.js';
import type { UserQuestion, UserRecord } from '../../questions.js';
import { type Connection, toUuid } from '../connection.js';
import { fromRow, USER_COLUMNS, type UserRow } from '../users-table.js';

const OF_USER = 'u.project_id = (SELECT id FROM projects WHERE slug = $1) AND u.uid = $2';

/** The keyed hash of a user's owner. */
export async function findOwner(
  connection: Connection,
  { project, uid }: UserQuestion,
): Promise<Uint8Array | null> {
  const row = await connection.get<{ hash: Buffer }>(
    `SELECT hash FROM (
       SELECT u.cleaning AS place, u.owner_hash AS hash
       FROM cleaned_users u JOIN cleanings ON n = u.cleaning
       WHERE ${OF_USER} AND state <> 'expiring'
       UNION ALL
       SELECT 2147483647, u.owner_hash FROM users u WHERE ${OF_USER}
     ) found WHERE hash IS NOT NULL ORDER BY place LIMIT 1`,
    [project, toUuid(uid)],
  );
  return row?.hash ?? null;
}

/** Whether users are known, in their order. */
export async function areKnown(
  connection: Connection,
  { users }: { readonly users: readonly UserQuestion[] },
): Promise<boolean[]> {
  const rows = await connection.all<{ known: boolean }>(
    `SELECT u.uid IS NOT NULL AS known
     FROM unnest($1::text[], $2::uuid[]) WITH ORDINALITY k(slug, uid, at)
     LEFT JOIN projects USING (slug)
     LEFT JOIN users u ON u.project_id = projects.id AND u.uid = k.uid
     ORDER BY at`,
    [users.map(({ project }) => project), users.map(({ uid }) => toUuid(uid))],
  );
  return rows.map(({ known }) => known);
}

interface Named {
  readonly id: number;
  readonly dimension: string;
  readonly value: string;
}

/** All that is known of one user. */
export async function findUser(
  connection: Connection,
  { project, uid }: UserQuestion,
): Promise<UserRecord> {
  const uuid = toUuid(uid);
  const tombstone = await connection.get<{ at: number }>(
    'SELECT deleted_at AS at FROM tombstones WHERE uid = $1',
    [uuid],
  );
  const deletedAt = tombstone?.at ?? null;
  const resolve = await readResolve(connection, project);
  // What a cleaning took out is kept, so it is shown.
  const taken = await connection.all<UserRow>(
    `SELECT ${USER_COLUMNS} FROM cleaned_users u JOIN cleanings ON n = u.cleaning
     WHERE ${OF_USER} AND state <> 'expiring' ORDER BY u.cleaning`,
    [project, uuid],
  );
  const rows = await connection.all<UserRow>(
    `SELECT ${USER_COLUMNS} FROM users u WHERE ${OF_USER}`,
    [project, uuid],
  );
  const [first, ...others] = [...taken, ...rows].map((row) => fromRow(row, (id) => id));
  if (first === undefined) return { deletedAt, counted: null };
  const counted = others.reduce(mergeUsers, first);
  const takenSaid = await connection.all<{ last_day: number; said: Buffer }>(
    `SELECT u.last_day, u.said FROM cleaned_said u JOIN cleanings ON n = u.cleaning
     WHERE ${OF_USER} AND state <> 'expiring'`,
    [project, uuid],
  );
  const said = takenSaid
    .map((one) => decodeSaid(one.said, one.last_day))
    .reduce((all, one) => mergeSaid(all, one, counted.lastDay), counted.said);
  const ids = [
    ...[counted.os, counted.version],
    ...counted.runs.flatMap(({ values }) => [...values]),
    ...[...said.keys()].map(resolve),
  ];
  const names = await connection.all<Named>(
    `SELECT value_id AS id, dim AS dimension, value FROM dims
     WHERE project_id = (SELECT id FROM projects WHERE slug = $1) AND value_id = ANY($2::int[])`,
    [project, [...new Set(ids)]],
  );
  const named = new Map(names.map((one) => [one.id, one]));
  const toName = (id: number): string => named.get(id)?.value ?? OTHER;
  return {
    deletedAt,
    counted: {
      ...toCounted(counted, toName),
      said: nameSaid(said, (id) => named.get(resolve(id))),
    },
  };
}

/** What values of a project count under, by its name. */
export async function readResolve(connection: Connection, project: string): Promise<Resolve> {
  const rows = await connection.all<{ id: number; other: number }>(
    `SELECT value_id AS id, other_id AS other FROM given_up
     WHERE project_id = (SELECT id FROM projects WHERE slug = $1)`,
    [project],
  );
  const others = new Map(rows.map(({ id, other }) => [id, other]));
  return (id) => others.get(id) ?? id;
}
