import { activeDays } from '../../../rules/activity-bits.js';
import { nameValues, UNKNOWN } from '../../../rules/dimensions.js';
import type { Database } from '../../../sqlite/database.js';
import type { CountedUser, UserQuestion, UserRecord } from '../../questions.js';
import { fromRow, type UserRow } from '../users-table.js';

interface NamedUserRow extends UserRow {
  readonly os: string;
  readonly version: string;
}

const USER = `
  SELECT users.*, os.value AS os, version.value AS version FROM users
  JOIN dims AS os ON os.id = users.os_id
  JOIN dims AS version ON version.id = users.version_id
  WHERE users.project_id = (SELECT id FROM projects WHERE slug = ?) AND users.uid = ?`;

/** Prepares the question about a user's owner. */
export function prepareOwner(db: Database): (question: UserQuestion) => Uint8Array | null {
  const owner = db.prepare<{ hash: Buffer | null }>(
    `SELECT owner_hash AS hash FROM users
     WHERE project_id = (SELECT id FROM projects WHERE slug = ?) AND uid = ?`,
  );
  return ({ project, uid }) => owner.get([project, uid])?.hash ?? null;
}

/** Prepares the question about one user. */
export function prepareUser(db: Database): (question: UserQuestion) => UserRecord {
  const user = db.prepare<NamedUserRow>(USER, { bigints: true });
  const tombstone = db.prepare<{ at: number }>(
    'SELECT deleted_at AS at FROM tombstones WHERE uid = ?',
  );
  const value = db.prepare<{ value: string }>('SELECT value FROM dims WHERE id = ?');
  const nameOf = (id: number): string => value.get([id])?.value ?? UNKNOWN;
  return ({ project, uid }) => {
    const row = user.get([project, uid]);
    return {
      deletedAt: tombstone.get([uid])?.at ?? null,
      counted: row === undefined ? null : toCounted(row, nameOf),
    };
  };
}

function toCounted(row: NamedUserRow, nameOf: (valueId: number) => string): CountedUser {
  const user = fromRow(row);
  return {
    firstSeen: user.firstSeen,
    lastSeen: user.lastSeen,
    firstDay: user.firstDay,
    lastDay: user.lastDay,
    days: activeDays(user),
    reports: user.reports,
    lost: user.lost,
    dimensions: { os: row.os, version: row.version },
    history: user.runs.map(({ lastDay, values }) => ({
      lastDay,
      values: nameValues(values.map(nameOf)),
    })),
    ci: user.ci,
    idSource: user.idSource,
    idPersisted: user.idPersisted,
    ownerHash: user.ownerHash,
  };
}
