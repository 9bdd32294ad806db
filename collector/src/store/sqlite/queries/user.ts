import { activeDays } from '../../../rules/activity-bits.js';
import { nameValues } from '../../../rules/dimensions.js';
import { OTHER } from '../../../rules/limits.js';
import type { ValueRun } from '../../../rules/value-runs.js';
import type { Database } from '../../../sqlite/database.js';
import type { CountedDays, CountedUser, UserQuestion, UserRecord } from '../../questions.js';
import { fromRow, type UserRow } from '../users-table.js';
import { nameOf } from './name-of.js';

interface NamedUserRow extends UserRow {
  readonly os: string;
  readonly version: string;
}

const USER = `
  SELECT users.*, ${nameOf('users.os_id')} AS os, ${nameOf('users.version_id')} AS version
  FROM users
  WHERE users.project_id = (SELECT id FROM projects WHERE slug = ?) AND users.uid = ?`;

/** Prepares the question about a user's owner. */
export function prepareOwner(db: Database): (question: UserQuestion) => Uint8Array | null {
  const owner = db.prepare<{ hash: Buffer | null }>(
    `SELECT owner_hash AS hash FROM users
     WHERE project_id = (SELECT id FROM projects WHERE slug = ?) AND uid = ?`,
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
  const user = db.prepare<NamedUserRow>(USER, { bigints: true });
  const tombstone = db.prepare<{ at: number }>(
    'SELECT deleted_at AS at FROM tombstones WHERE uid = ?',
  );
  const value = db.prepare<{ value: string }>('SELECT value FROM dims WHERE id = ?');
  const toName = (id: number): string => value.get([id])?.value ?? OTHER;
  return ({ project, uid }) => {
    const row = user.get([project, uid]);
    return {
      deletedAt: tombstone.get([uid])?.at ?? null,
      counted: row === undefined ? null : toCounted(row, toName),
    };
  };
}

function toCounted(row: NamedUserRow, toName: (valueId: number) => string): CountedUser {
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
