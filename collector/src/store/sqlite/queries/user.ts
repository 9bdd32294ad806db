import type { IdSource } from 'headcount/wire';
import { activeDays } from '../../../counting/activity-bits.js';
import type { Database } from '../../../sqlite/database.js';
import type { StoreReader } from '../../store.js';

interface UserRow {
  readonly first_seen: bigint;
  readonly last_seen: bigint;
  readonly last_day: bigint;
  readonly bits: bigint;
  readonly reports: bigint;
  readonly ci: bigint;
  readonly id_source: IdSource | null;
  readonly id_persisted: bigint | null;
  readonly os: string;
  readonly version: string;
}

const USER = `
  SELECT users.*, os.value AS os, version.value AS version FROM users
  JOIN dims AS os ON os.id = users.os_id
  JOIN dims AS version ON version.id = users.version_id
  WHERE users.project_id = (SELECT id FROM projects WHERE slug = ?) AND users.uid = ?`;

/** Everything that is kept of one user. */
export function prepareUser(db: Database): StoreReader['user'] {
  const user = db.prepare<UserRow>(USER, { bigints: true });
  const tombstone = db.prepare<{ at: number }>(
    'SELECT deleted_at AS at FROM tombstones WHERE uid = ?',
  );
  return ({ project, uid }) => {
    const row = user.get([project, uid]);
    return {
      deletedAt: tombstone.get([uid])?.at ?? null,
      counted:
        row === undefined
          ? null
          : {
              firstSeen: Number(row.first_seen),
              lastSeen: Number(row.last_seen),
              days: activeDays({ lastDay: Number(row.last_day), bits: row.bits }),
              reports: Number(row.reports),
              dimensions: { os: row.os, version: row.version },
              ci: row.ci === 1n,
              idSource: row.id_source,
              idPersisted: row.id_persisted === null ? null : row.id_persisted === 1n,
            },
    };
  };
}
