import { activeDays } from '../../../rules/activity-bits.js';
import { nameValues } from '../../../rules/dimensions.js';
import { OTHER } from '../../../rules/limits.js';
import { mergeSaid } from '../../../rules/said-values.js';
import type { ValueRun } from '../../../rules/value-runs.js';
import { mergeUsers, type UserState } from '../../../rules/user-state.js';
import type { Database } from '../../../sqlite/database.js';
import type { CountedDays, CountedUser, UserQuestion, UserRecord } from '../../questions.js';
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

function toCounted(
  user: UserState<number>,
  toName: (valueId: number) => string,
): Omit<CountedUser, 'said'> {
  return {
    firstSeen: user.firstSeen,
    lastSeen: user.lastSeen,
    firstDay: user.firstDay,
    lastDay: user.lastDay,
    days: activeDays(user),
    reports: user.reports,
    lost: user.lost,
    dimensions: { os: toName(user.os), version: toName(user.version) },
    history: historyOf(user.runs, toName),
    ci: user.ci,
    idSource: user.idSource,
    idPersisted: user.idPersisted,
    ownerHash: user.ownerHash,
  };
}

/** Runs whose values have become the same since they were written are one. */
function historyOf(
  runs: readonly ValueRun<number>[],
  toName: (valueId: number) => string,
): CountedDays[] {
  const history: CountedDays[] = [];
  let last: readonly string[] | undefined;
  for (const { lastDay, values } of runs) {
    const names = values.map(toName);
    const isSame = last?.every((name, at) => name === names[at]) === true;
    if (isSame) history.pop();
    history.push({ lastDay, values: nameValues(names) });
    last = names;
  }
  return history;
}
