import type { IdSource } from 'headcount/wire';
import type { ActivityBits } from '../../counting/activity-bits.js';
import type { UserState } from '../../counting/user-state.js';
import type { Database } from '../../sqlite/database.js';
import { decodeRuns, encodeRuns } from './runs-blob.js';

/** The table of users, one row each. Use it inside a transaction. */
export interface UsersTable {
  find(projectId: number, uid: Uint8Array): UserState<number> | undefined;
  write(projectId: number, uid: Uint8Array, user: UserState<number>): void;
  /** Erases a user, known or not. */
  erase(projectId: number, uid: Uint8Array): void;
}

/** A row as it comes back with integers as `bigint`. */
export interface UserRow {
  readonly first_seen: bigint;
  readonly last_seen: bigint;
  readonly first_day: bigint;
  readonly last_day: bigint;
  /** Activity on the last 64 days. */
  readonly bits: bigint;
  /** Activity on the days before those, the newest in the lowest bit of the last byte. */
  readonly older: Buffer | null;
  readonly runs: Buffer;
  readonly os_id: bigint;
  readonly version_id: bigint;
  readonly reports: bigint;
  readonly lost: bigint;
  readonly ci: bigint;
  readonly id_source: IdSource | null;
  readonly id_persisted: bigint | null;
}

/** Days of activity in the column `bits`. */
const BITS = 64;

/** Creates the access to the table on the writing connection. */
export function createUsersTable(db: Database): UsersTable {
  const find = db.prepare<UserRow>('SELECT * FROM users WHERE project_id = ? AND uid = ?', {
    bigints: true,
  });
  const write = db.prepare(
    `INSERT OR REPLACE INTO users(
       project_id, uid, first_seen, last_seen, first_day, last_day, bits, older, runs,
       os_id, version_id, reports, lost, ci, id_source, id_persisted
     ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const erase = db.prepare('DELETE FROM users WHERE project_id = ? AND uid = ?');

  return {
    find: (projectId, uid) => {
      const row = find.get([projectId, uid]);
      return row && fromRow(row);
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
        BigInt.asIntN(BITS, user.bits),
        encodeOlder(user.bits),
        encodeRuns(user.runs, user.lastDay),
        user.os,
        user.version,
        user.reports,
        user.lost,
        Number(user.ci),
        user.idSource,
        user.idPersisted === null ? null : Number(user.idPersisted),
      ]);
    },
  };
}

/** The state that a row holds. */
export function fromRow(row: UserRow): UserState<number> {
  const lastDay = Number(row.last_day);
  return {
    firstSeen: Number(row.first_seen),
    lastSeen: Number(row.last_seen),
    firstDay: Number(row.first_day),
    lastDay,
    bits: decodeActivity(row),
    runs: decodeRuns(row.runs, lastDay),
    os: Number(row.os_id),
    version: Number(row.version_id),
    reports: Number(row.reports),
    lost: Number(row.lost),
    ci: row.ci === 1n,
    idSource: row.id_source,
    idPersisted: row.id_persisted === null ? null : row.id_persisted === 1n,
  };
}

/** The activity that a row holds. */
export function decodeActivity({ bits, older }: Pick<UserRow, 'bits' | 'older'>): ActivityBits {
  const newest = BigInt.asUintN(BITS, bits);
  if (older === null) return newest;
  return (BigInt(`0x${older.toString('hex')}`) << BigInt(BITS)) | newest;
}

function encodeOlder(bits: ActivityBits): Buffer | null {
  const older = bits >> BigInt(BITS);
  if (older === 0n) return null;
  const digits = older.toString(16);
  return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
}
