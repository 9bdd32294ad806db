import type { IdSource } from 'headcount/wire';
import type { UserState } from '../../rules/user-state.js';
import { decodeActivity, encodeBits, encodeOlder } from '../codec/activity-columns.js';
import type { Resolve } from '../codec/resolve.js';
import { decodeRuns, encodeRuns } from '../codec/runs-column.js';
import { decodeSaid, encodeSaid } from '../codec/said-column.js';
import { type Connection, fromUuid, toUuid } from './connection.js';
import { RetryError } from './retry-error.js';

/** A user of a project. */
export interface UserKey {
  readonly projectId: number;
  readonly uid: Uint8Array;
}

/**
 * The users that a transaction changes. Rows are read and written many at a time; between that,
 * users are in memory.
 */
export interface UsersTable {
  /** Reads users, and locks them until the transaction ends. */
  load(keys: readonly UserKey[]): Promise<void>;
  /** A user that was loaded. */
  find(projectId: number, uid: Uint8Array): UserState<number> | undefined;
  write(projectId: number, uid: Uint8Array, user: UserState<number>): void;
  erase(projectId: number, uid: Uint8Array): void;
  /** Writes what was changed. @throws {@link RetryError} if another node has added a user. */
  flush(): Promise<void>;
  /** Forgets all users, at the end of a transaction. */
  forget(): void;
}

/** A row of `users`. */
export interface UserRow {
  readonly project_id: number;
  readonly uid: string;
  readonly first_seen: number;
  readonly last_seen: number;
  readonly first_day: number;
  readonly last_day: number;
  /** As text, since 64 bits fit no number. */
  readonly bits: string;
  readonly older: Buffer | null;
  readonly runs: Buffer;
  readonly said: Buffer;
  readonly os_id: number;
  readonly version_id: number;
  readonly reports: number;
  readonly lost: number;
  readonly flags: number;
  readonly owner_hash: Buffer | null;
}

const TYPES: Readonly<Record<keyof UserRow, string>> = {
  project_id: 'int',
  uid: 'uuid',
  first_seen: 'int8',
  last_seen: 'int8',
  first_day: 'int',
  last_day: 'int',
  bits: 'int8',
  older: 'bytea',
  runs: 'bytea',
  said: 'bytea',
  os_id: 'int',
  version_id: 'int',
  reports: 'int',
  lost: 'int',
  flags: 'int2',
  owner_hash: 'bytea',
};
const COLUMNS = Object.keys(TYPES) as (keyof UserRow)[];
const NAMES = COLUMNS.join(', ');
const ROWS = `unnest(${COLUMNS.map((column, at) => `$${at + 1}::${TYPES[column]}[]`).join(', ')}) n(${NAMES})`;
const KEYS = 'unnest($1::int[], $2::uuid[]) k(project_id, uid)';

/** The columns of a {@link UserRow} of a table, named `u`. */
export const USER_COLUMNS = COLUMNS.map((name) =>
  name === 'bits' ? 'u.bits::text AS bits' : `u.${name}`,
).join(', ');

// In the order of the keys, so that no two nodes wait for each other.
const LOAD = `
  SELECT ${USER_COLUMNS} FROM ${KEYS} JOIN users u USING (project_id, uid)
  ORDER BY u.project_id, u.uid FOR UPDATE OF u`;
const INSERT = `INSERT INTO users(${NAMES}) SELECT ${NAMES} FROM ${ROWS} ON CONFLICT DO NOTHING`;
const UPDATE = `
  UPDATE users u SET ${COLUMNS.slice(2)
    .map((name) => `${name} = n.${name}`)
    .join(', ')}
  FROM ${ROWS} WHERE u.project_id = n.project_id AND u.uid = n.uid`;
const ERASE = `
  DELETE FROM users u USING ${KEYS} WHERE u.project_id = k.project_id AND u.uid = k.uid`;

interface Loaded {
  readonly projectId: number;
  readonly uuid: string;
  readonly isStored: boolean;
  readonly user: UserState<number> | undefined;
  readonly isChanged: boolean;
}

/**
 * Creates the access to the table inside transactions.
 *
 * @param resolverOf - The values of a project that gave their places up.
 */
export function createUsersTable(
  connection: Connection,
  resolverOf: (projectId: number) => Resolve,
): UsersTable {
  const loaded = new Map<string, Loaded>();
  const change = (projectId: number, uid: Uint8Array, user: Loaded['user']): void => {
    const key = keyOf(projectId, uid);
    const known = loaded.get(key);
    if (known === undefined) throw new Error('A user is changed that was not loaded.');
    loaded.set(key, { ...known, user, isChanged: true });
  };
  return {
    load: async (keys) => {
      const missing = new Map<string, Loaded>();
      for (const { projectId, uid } of keys) {
        const key = keyOf(projectId, uid);
        if (loaded.has(key)) continue;
        const uuid = toUuid(uid);
        missing.set(key, { projectId, uuid, isStored: false, user: undefined, isChanged: false });
      }
      if (missing.size === 0) return;
      for (const [key, one] of missing) loaded.set(key, one);
      const rows = await connection.all<UserRow>(LOAD, toKeys([...missing.values()]));
      for (const row of rows) {
        const user = fromRow(row, resolverOf(row.project_id));
        const key = keyOf(row.project_id, fromUuid(row.uid));
        const { project_id: projectId, uid: uuid } = row;
        loaded.set(key, { projectId, uuid, isStored: true, user, isChanged: false });
      }
    },
    find: (projectId, uid) => {
      const known = loaded.get(keyOf(projectId, uid));
      if (known === undefined) throw new Error('A user is looked up that was not loaded.');
      return known.user;
    },
    write: (projectId, uid, user) => change(projectId, uid, user),
    erase: (projectId, uid) => change(projectId, uid, undefined),
    flush: async () => {
      const changed = [...loaded].filter(([, one]) => one.isChanged);
      const select = (wanted: (one: Loaded) => boolean): Loaded[] =>
        changed
          .map(([, one]) => one)
          .filter(wanted)
          .sort(byKey);
      const added = select(({ isStored, user }) => !isStored && user !== undefined);
      const erased = select(({ isStored, user }) => isStored && user === undefined);
      const updated = select(({ isStored, user }) => isStored && user !== undefined);
      if (added.length > 0 && (await connection.run(INSERT, toColumns(added))) < added.length) {
        throw new RetryError('Another node has added a user meanwhile.');
      }
      if (updated.length > 0) await connection.run(UPDATE, toColumns(updated));
      if (erased.length > 0) await connection.run(ERASE, toKeys(erased));
      for (const [key, one] of changed) {
        loaded.set(key, { ...one, isStored: one.user !== undefined, isChanged: false });
      }
    },
    forget: () => loaded.clear(),
  };
}

const keyOf = (projectId: number, uid: Uint8Array): string =>
  `${projectId} ${Buffer.from(uid.buffer, uid.byteOffset, uid.length).toString('latin1')}`;

const byKey = (a: Loaded, b: Loaded): number =>
  a.projectId - b.projectId || (a.uuid < b.uuid ? -1 : 1);

const toKeys = (all: readonly Pick<Loaded, 'projectId' | 'uuid'>[]): unknown[] => [
  all.map(({ projectId }) => projectId),
  all.map(({ uuid }) => uuid),
];

function toColumns(all: readonly Loaded[]): unknown[][] {
  const rows = all.flatMap(({ projectId, uuid, user }) =>
    user === undefined ? [] : [toRow(projectId, uuid, user)],
  );
  return COLUMNS.map((name) => rows.map((row) => row[name]));
}

const SOURCES: readonly (IdSource | null)[] = [null, 'machine', 'time', 'copied', 'given', 'ci'];

const CI = 1;
const PERSISTED = 2;
const NOT_PERSISTED = 4;
const SOURCE_SHIFT = 3;

/** SQL that is true for people. */
export const IS_PERSON = `flags & ${CI} = 0`;

function flagsOf({ ci, idPersisted, idSource }: UserState<number>): number {
  const persisted = idPersisted === true ? PERSISTED : NOT_PERSISTED;
  const source = Math.max(0, SOURCES.indexOf(idSource)) << SOURCE_SHIFT;
  return (ci ? CI : 0) | (idPersisted === null ? 0 : persisted) | source;
}

function toRow(projectId: number, uuid: string, user: UserState<number>): UserRow {
  return {
    project_id: projectId,
    uid: uuid,
    first_seen: user.firstSeen,
    last_seen: user.lastSeen,
    first_day: user.firstDay,
    last_day: user.lastDay,
    bits: String(encodeBits(user.bits)),
    older: encodeOlder(user.bits),
    runs: encodeRuns(user.runs, user.lastDay),
    said: encodeSaid(user.said, user.lastDay),
    os_id: user.os,
    version_id: user.version,
    reports: user.reports,
    lost: user.lost,
    flags: flagsOf(user),
    owner_hash: user.ownerHash === null ? null : Buffer.from(user.ownerHash),
  };
}

/** The state that a row holds. */
export function fromRow(row: UserRow, resolve: Resolve): UserState<number> {
  const { flags, last_day: lastDay } = row;
  const isKnown = (flags & (PERSISTED | NOT_PERSISTED)) !== 0;
  return {
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    firstDay: row.first_day,
    lastDay,
    bits: decodeActivity({ bits: BigInt(row.bits), older: row.older }),
    runs: decodeRuns(row.runs, lastDay, resolve),
    said: decodeSaid(row.said, lastDay, resolve),
    os: resolve(row.os_id),
    version: resolve(row.version_id),
    reports: row.reports,
    lost: row.lost,
    ci: (flags & CI) !== 0,
    idSource: SOURCES[flags >> SOURCE_SHIFT] ?? null,
    idPersisted: isKnown ? (flags & PERSISTED) !== 0 : null,
    ownerHash: row.owner_hash,
  };
}
