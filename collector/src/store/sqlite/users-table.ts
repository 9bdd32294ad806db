import type { IdSource } from 'headcount/wire';
import { mergeUsers, type UserState } from '../../counting/user-state.js';
import type { Database } from '../../sqlite/database.js';

/** The table of users, one row each. Use it inside a transaction. */
export interface UsersTable {
  /** Adds to what is known of a user. */
  merge(projectId: number, uid: Buffer, added: UserState<number>): void;
  /** Erases a user, known or not. */
  erase(project: string, uid: Uint8Array): void;
}

interface UserRow {
  readonly first_seen: bigint;
  readonly last_seen: bigint;
  readonly last_day: bigint;
  readonly bits: bigint;
  readonly os_id: bigint;
  readonly version_id: bigint;
  readonly reports: bigint;
  readonly ci: bigint;
  readonly id_source: IdSource | null;
  readonly id_persisted: bigint | null;
}

/** Creates the access to the table on the writing connection. */
export function createUsersTable(db: Database): UsersTable {
  const find = db.prepare<UserRow>('SELECT * FROM users WHERE project_id = ? AND uid = ?', {
    bigints: true,
  });
  const write = db.prepare(
    `INSERT OR REPLACE INTO users(
       project_id, uid, first_seen, last_seen, last_day, bits, os_id, version_id, reports, ci,
       id_source, id_persisted
     ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const erase = db.prepare(
    'DELETE FROM users WHERE project_id = (SELECT id FROM projects WHERE slug = ?) AND uid = ?',
  );

  return {
    erase: (project, uid) => void erase.run([project, uid]),
    merge: (projectId, uid, added) => {
      const row = find.get([projectId, uid]);
      const user = row === undefined ? added : mergeUsers(fromRow(row), added);
      write.run([
        projectId,
        uid,
        user.firstSeen,
        user.lastSeen,
        user.lastDay,
        user.bits,
        user.os,
        user.version,
        user.reports,
        Number(user.ci),
        user.idSource,
        user.idPersisted === null ? null : Number(user.idPersisted),
      ]);
    },
  };
}

function fromRow(row: UserRow): UserState<number> {
  return {
    firstSeen: Number(row.first_seen),
    lastSeen: Number(row.last_seen),
    lastDay: Number(row.last_day),
    bits: row.bits,
    os: Number(row.os_id),
    version: Number(row.version_id),
    reports: Number(row.reports),
    ci: row.ci === 1n,
    idSource: row.id_source,
    idPersisted: row.id_persisted === null ? null : row.id_persisted === 1n,
  };
}
