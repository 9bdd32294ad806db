import { activeDays } from '../../../rules/activity-bits.js';
import { nameValues, UNKNOWN } from '../../../rules/dimensions.js';
import { mergeUsers, type UserState } from '../../../rules/user-state.js';
import type { Database } from '../../../sqlite/database.js';
import type { CountedUser, UserQuestion, UserRecord } from '../../questions.js';
import { CLEANED_STATES } from '../cleaning/cleaned-users-table.js';
import { NO_PROJECT } from '../dictionary.js';
import { fromRow, type UserRow } from '../users-table.js';

const USER = 'SELECT * FROM users WHERE project_id = ? AND uid = ?';

/** Prepares the question about a user's owner. */
export function prepareOwner(db: Database): (question: UserQuestion) => Uint8Array | null {
  const owner = db.prepare<{ hash: Buffer | null }>(
    `SELECT hash FROM (
       SELECT cleaning AS place, owner_hash AS hash
       FROM cleaned_users JOIN cleanings ON n = cleaning
       WHERE cleaned_users.project_id = (SELECT id FROM projects WHERE slug = ?1) AND uid = ?2
         AND state <> 'expiring'
       UNION ALL
       SELECT 9e18, owner_hash FROM users
       WHERE project_id = (SELECT id FROM projects WHERE slug = ?1) AND uid = ?2
     ) WHERE hash IS NOT NULL ORDER BY place LIMIT 1`,
  );
  return ({ project, uid }) => owner.get([project, uid])?.hash ?? null;
}

/** Prepares the question about one user. */
export function prepareUser(db: Database): (question: UserQuestion) => UserRecord {
  const project = db.prepare<{ id: number }>('SELECT id FROM projects WHERE slug = ?');
  const user = db.prepare<UserRow>(USER, { bigints: true });
  const taken = db.prepare<UserRow>(CLEANED_STATES, { bigints: true });
  const tombstone = db.prepare<{ at: number }>(
    'SELECT deleted_at AS at FROM tombstones WHERE uid = ?',
  );
  const value = db.prepare<{ value: string }>('SELECT value FROM dims WHERE id = ?');
  const nameOf = (id: number): string => value.get([id])?.value ?? UNKNOWN;
  return (question) => {
    const { uid } = question;
    const projectId = project.get([question.project])?.id ?? NO_PROJECT;
    // What a cleaning took out is kept, so it is shown.
    const rows = [...taken.all([projectId, uid]), ...user.all([projectId, uid])];
    const [first, ...others] = rows.map((row) => fromRow(row));
    return {
      deletedAt: tombstone.get([uid])?.at ?? null,
      counted: first === undefined ? null : toCounted(others.reduce(mergeUsers, first), nameOf),
    };
  };
}

function toCounted(user: UserState<number>, nameOf: (valueId: number) => string): CountedUser {
  return {
    firstSeen: user.firstSeen,
    lastSeen: user.lastSeen,
    firstDay: user.firstDay,
    days: activeDays(user),
    reports: user.reports,
    lost: user.lost,
    dimensions: { os: nameOf(user.os), version: nameOf(user.version) },
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
