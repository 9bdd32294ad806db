import { OTHER } from '../../../rules/limits.js';
import { mergeSaid } from '../../../rules/said-values.js';
import { mergeUsers } from '../../../rules/user-state.js';
import type { Database } from '../../../sqlite/database.js';
import { toCounted } from '../../answers/to-counted.js';
import type { UserQuestion, UserRecord } from '../../questions.js';
import { CLEANED_STATES } from '../cleaning/cleaned-users-table.js';
import { NO_PROJECT } from '../../no-project.js';
import { decodeSaid } from '../../codec/said-column.js';
import { fromRow, type UserRow } from '../users-table.js';
import { prepareSaidDays } from './said-days.js';

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

/** Prepares the question whether users are known. */
export function prepareAreKnown(
  db: Database,
): (question: { readonly users: readonly UserQuestion[] }) => boolean[] {
  const find = db.prepare(
    `SELECT 1 FROM users
     WHERE project_id = (SELECT id FROM projects WHERE slug = ?) AND uid = ?`,
  );
  return ({ users }) => users.map(({ project, uid }) => find.get([project, uid]) !== undefined);
}

/** Prepares the question about one user. */
export function prepareUser(db: Database): (question: UserQuestion) => UserRecord {
  const findProject = db.prepare<{ id: number }>('SELECT id FROM projects WHERE slug = ?');
  const user = db.prepare<UserRow>(USER, { bigints: true });
  const taken = db.prepare<UserRow>(CLEANED_STATES, { bigints: true });
  const tombstone = db.prepare<{ at: number }>(
    'SELECT deleted_at AS at FROM tombstones WHERE uid = ?',
  );
  const value = db.prepare<{ value: string }>('SELECT value FROM dims WHERE id = ?');
  const toName = (id: number): string => value.get([id])?.value ?? OTHER;
  const takenSaid = db.prepare<{ last_day: number; said: Buffer }>(
    `SELECT last_day, said FROM cleaned_said JOIN cleanings ON n = cleaning
     WHERE cleaned_said.project_id = ? AND uid = ? AND state <> 'expiring'`,
  );
  const toSaid = prepareSaidDays(db);
  return ({ project, uid }) => {
    const id = findProject.get([project])?.id ?? NO_PROJECT;
    // What a cleaning took out is kept, so it is shown.
    const rows = [...taken.all([id, uid]), ...user.all([id, uid])];
    const [first, ...others] = rows.map((row) => fromRow(row));
    const deletedAt = tombstone.get([uid])?.at ?? null;
    if (first === undefined) return { deletedAt, counted: null };
    const counted = others.reduce(mergeUsers, first);
    const said = takenSaid
      .all([id, uid])
      .map((taken) => decodeSaid(taken.said, taken.last_day))
      .reduce((all, one) => mergeSaid(all, one, counted.lastDay), counted.said);
    return { deletedAt, counted: { ...toCounted(counted, toName), said: toSaid(said) } };
  };
}
