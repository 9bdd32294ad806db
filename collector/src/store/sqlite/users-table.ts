import type { IdSource } from 'headcount/wire';
import type { UserState } from '../../rules/user-state.js';
import type { Database } from '../../sqlite/database.js';
import {
  type ActivityColumns,
  decodeActivity,
  encodeBits,
  encodeOlder,
} from '../codec/activity-columns.js';
import type { Resolve } from '../codec/resolve.js';
import { decodeRuns, encodeRuns } from '../codec/runs-column.js';
import { decodeSaid, encodeSaid } from '../codec/said-column.js';

/** The table of users, one row each. Use it inside a transaction. */
export interface UsersTable {
  find(projectId: number, uid: Uint8Array): UserState<number> | undefined;
  write(projectId: number, uid: Uint8Array, user: UserState<number>): void;
  /** Erases a user, if it exists. */
  erase(projectId: number, uid: Uint8Array): void;
}

/** A row with integers as `bigint`. */
export interface UserRow extends ActivityColumns {
  readonly first_seen: bigint;
  readonly last_seen: bigint;
  readonly first_day: bigint;
  readonly last_day: bigint;
  readonly runs: Buffer;
  /** Rows of releases before it was kept have none. */
  readonly said?: Buffer;
  readonly os_id: bigint;
  readonly version_id: bigint;
  readonly reports: bigint;
  readonly lost: bigint;
  readonly ci: bigint;
  readonly id_source: IdSource | null;
  readonly id_persisted: bigint | null;
  readonly owner_hash: Buffer | null;
}

/** Creates the access to the table on the writing connection. */
export function createUsersTable(db: Database, resolve: Resolve): UsersTable {
  const find = db.prepare<UserRow>(
    `SELECT first_seen, last_seen, first_day, last_day, bits, older, runs, said, os_id, version_id,
       reports, lost, ci, id_source, id_persisted, owner_hash
     FROM users WHERE project_id = ? AND uid = ?`,
    { bigints: true },
  );
  const write = db.prepare(
    `INSERT OR REPLACE INTO users(
       project_id, uid, first_seen, last_seen, first_day, last_day, bits, older, runs, said,
       os_id, version_id, reports, lost, ci, id_source, id_persisted, owner_hash
     ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const erase = db.prepare('DELETE FROM users WHERE project_id = ? AND uid = ?');

  return {
    find: (projectId, uid) => {
      const row = find.get([projectId, uid]);
      return row && fromRow(row, resolve);
    },
    erase: (projectId, uid) => void erase.run([projectId, uid]),
    write: (projectId, uid, user) => {
      write.run([
        projectId,
        uid,
        user.firstSeen,
        user.lastSeen,
        user.firstDay,
        user.lastDay,
        encodeBits(user.bits),
        encodeOlder(user.bits),
        encodeRuns(user.runs, user.lastDay),
        encodeSaid(user.said, user.lastDay),
        user.os,
        user.version,
        user.reports,
        user.lost,
        Number(user.ci),
        user.idSource,
        user.idPersisted === null ? null : Number(user.idPersisted),
        user.ownerHash,
      ]);
    },
  };
}

const NOTHING_SAID = Buffer.alloc(0);

/** The state that a row holds. */
export function fromRow(row: UserRow, resolve: Resolve = (id) => id): UserState<number> {
  const lastDay = Number(row.last_day);
  return {
    firstSeen: Number(row.first_seen),
    lastSeen: Number(row.last_seen),
    firstDay: Number(row.first_day),
    lastDay,
    bits: decodeActivity(row),
    runs: decodeRuns(row.runs, lastDay, resolve),
    said: decodeSaid(row.said ?? NOTHING_SAID, lastDay, resolve),
    os: resolve(Number(row.os_id)),
    version: resolve(Number(row.version_id)),
    reports: Number(row.reports),
    lost: Number(row.lost),
    ci: row.ci === 1n,
    idSource: row.id_source,
    idPersisted: row.id_persisted === null ? null : row.id_persisted === 1n,
    ownerHash: row.owner_hash,
  };
}
