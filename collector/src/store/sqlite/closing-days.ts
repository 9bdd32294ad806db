import { USER_DIMENSIONS } from '../../rules/dimensions.js';
import { giveUpPlaces, isTooFull, type ValueUse } from '../../rules/give-up-places.js';
import { RARE_WINDOW_DAYS } from '../../rules/limits.js';
import { NEVER_BEFORE, tallyMerged } from '../../rules/tally.js';
import type { Database } from '../../sqlite/database.js';
import type { Dictionary } from './dictionary.js';
import type { GivenUpTable } from './given-up-table.js';
import {
  GapChanges,
  hasSeveral,
  type PeopleMerge,
  saidDimensionsOf,
  type ValuesMerge,
} from '../merged-values.js';
import { prepareMergeSaid } from './merge-said.js';
import { NO_VALUE } from '../codec/said-column.js';
import { decodeActivity } from '../codec/activity-columns.js';
import { decodeRuns } from '../codec/runs-column.js';
import type { UserRow } from './users-table.js';

/** What happens when a project's day closes. Use it inside a transaction. */
export interface ClosingDays {
  /** Whether a report of a day of receipt is the first of a later day than any before it. */
  closes(projectId: number, receivedDay: number): boolean;
  /**
   * Lets rare values give their places up, if the project is too full, and begins the new day. All
   * earlier reports must have been written.
   */
  close(projectId: number, receivedDay: number): void;
  /** Reads the days again after a rollback. */
  forget(): void;
}

interface Use extends ValueUse {
  readonly id: number;
}

interface ScannedRow {
  readonly uid: Buffer;
  readonly runs: Buffer;
}

const PAGE = 1000;

/** Projects whose newest day is in memory. */
const MAX_PROJECTS = 10_000;

/** Creates the closing of days on the writing connection. */
export function createClosingDays(
  db: Database,
  dictionary: Dictionary,
  givenUp: GivenUpTable,
): ClosingDays {
  const findNewest = db.prepare<{ day: number | null }>(
    'SELECT newest_day AS day FROM projects WHERE id = ?',
  );
  const writeNewest = db.prepare('UPDATE projects SET newest_day = ? WHERE id = ?');
  const measure = db.prepare<{ n: number }>(
    'SELECT count(*) AS n FROM dims WHERE project_id = ? GROUP BY dim',
  );
  const listUses = db.prepare<Use>(USES);
  const span = db.prepare<{ first: number | null; last: number | null }>(
    'SELECT min(day) AS first, max(day) AS last FROM value_gaps WHERE value_id = ?',
  );
  const dropDimension = ['report_values', 'value_gaps', 'latest', 'newest_versions'].map((table) =>
    db.prepare(
      `DELETE FROM ${table} WHERE value_id IN
         (SELECT id FROM dims WHERE project_id = ? AND dim = ?)`,
    ),
  );
  const dropTaken = db.prepare(
    `DELETE FROM cleaned_counts WHERE kind = 'value' AND key IN
       (SELECT id FROM dims WHERE project_id = ? AND dim = ?)`,
  );
  const forgetDimension = db.prepare('DELETE FROM dims WHERE project_id = ? AND dim = ?');
  const moves = [
    moveRows(db, 'report_values', 'day'),
    moveRows(db, 'value_gaps', 'day, gap'),
    moveRows(db, 'latest'),
    moveRows(db, 'newest_versions', 'day'),
    moveTaken(db),
  ];
  const forgetValue = db.prepare('DELETE FROM dims WHERE id = ?');
  const addGap = db.prepare(
    `INSERT INTO value_gaps(value_id, day, gap, n) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET n = n + excluded.n`,
  );
  // A million users are read here: only those with several days, and no more than is needed.
  const scan = db.prepare<ScannedRow>(
    `SELECT uid, runs FROM users
     WHERE project_id = ? AND uid > ? AND ci = 0 AND last_day >= ? AND first_day <= ?
       AND first_day < last_day
     ORDER BY uid LIMIT ${PAGE}`,
  );
  const idsOf = db.prepare<{ id: number }>('SELECT id FROM dims WHERE project_id = ? AND dim = ?');
  const findActivity = db.prepare<Pick<UserRow, 'last_day' | 'bits' | 'older'>>(
    'SELECT last_day, bits, older FROM users WHERE project_id = ? AND uid = ?',
    { bigints: true },
  );
  const mergeSaid = prepareMergeSaid(db, givenUp.resolve, (row) => void addGap.run(row));
  const newest = new Map<number, number>();

  const newestOf = (projectId: number): number => {
    const known = newest.get(projectId);
    if (known !== undefined) return known;
    const day = findNewest.get([projectId])?.day ?? Number.MIN_SAFE_INTEGER;
    if (newest.size >= MAX_PROJECTS) newest.clear();
    newest.set(projectId, day);
    return day;
  };

  /** The people whose days with several of the merged values have to be counted anew. */
  const mergePeople = (projectId: number, merges: readonly PeopleMerge[]): void => {
    const first = Math.min(...merges.map((merge) => merge.first));
    const last = Math.max(...merges.map((merge) => merge.last));
    const changes = new GapChanges();
    let uid: Uint8Array = new Uint8Array(0);
    for (let isMore = first <= last; isMore;) {
      const rows = scan.all([projectId, uid, first, last]);
      isMore = rows.length === PAGE;
      for (const row of rows) {
        uid = row.uid;
        const several = merges.filter((merge) => hasSeveral(row.runs, merge, givenUp.resolve));
        const found = several.length > 0 ? findActivity.get([projectId, uid]) : undefined;
        if (found === undefined) continue;
        const lastDay = Number(found.last_day);
        const runs = decodeRuns(row.runs, lastDay, givenUp.resolve);
        const activity = { lastDay, bits: decodeActivity(found), runs };
        for (const { index, otherId, merged } of several) {
          tallyMerged(activity, index, merged, (day, gap, by) => {
            changes.add(otherId, day, gap, by);
          });
        }
      }
    }
    changes.tell((row) => void addGap.run(row));
  };
  const daysOf = (ids: readonly number[]): { readonly first: number; readonly last: number } => {
    const spans = ids.map((id) => span.get([id]));
    return {
      first: Math.min(...spans.map((one) => one?.first ?? Infinity)),
      last: Math.max(...spans.map((one) => one?.last ?? -Infinity)),
    };
  };

  const giveUp = (projectId: number, uses: readonly Use[]): void => {
    const { dimensions, values } = giveUpPlaces(uses);
    for (const dimension of dimensions) {
      // Users' rows keep the IDs: no other value may get them.
      for (const { id } of idsOf.all([projectId, dimension])) givenUp.add(id, NO_VALUE);
      for (const drop of [...dropDimension, dropTaken]) drop.run([projectId, dimension]);
      forgetDimension.run([projectId, dimension]);
    }
    const merges: PeopleMerge[] = [];
    for (const [index, dimension] of USER_DIMENSIONS.entries()) {
      const ids = values.filter((use) => use.dimension === dimension).map(({ id }) => id);
      if (ids.length === 0) continue;
      const otherId = dictionary.otherId(projectId, dimension);
      merges.push({ index, otherId, merged: new Set([...ids, otherId]), ...daysOf(ids) });
    }
    if (merges.length > 0) mergePeople(projectId, merges);
    const saidMerges = saidDimensionsOf(values).map(([dimension, ids]): ValuesMerge => {
      const otherId = dictionary.otherId(projectId, dimension);
      return { otherId, merged: new Set([...ids, otherId]), ...daysOf(ids) };
    });
    if (saidMerges.length > 0) mergeSaid(projectId, saidMerges);
    for (const { id, dimension } of values) {
      const otherId = dictionary.otherId(projectId, dimension);
      for (const move of moves) move(id, otherId);
      forgetValue.run([id]);
      givenUp.add(id, otherId);
    }
    dictionary.forget();
  };

  return {
    closes: (projectId, receivedDay) => receivedDay > newestOf(projectId),
    close: (projectId, receivedDay) => {
      const from = newestOf(projectId) - RARE_WINDOW_DAYS + 1;
      const sizes = measure.all([projectId]).map(({ n }) => n);
      if (isTooFull(sizes)) giveUp(projectId, listUses.all([projectId, from]));
      writeNewest.run([receivedDay, projectId]);
      newest.set(projectId, receivedDay);
    },
    forget: () => newest.clear(),
  };
}

/** Moves a value's rows of a rollup to another value. */
function moveRows(
  db: Database,
  table: string,
  columns?: string,
): (from: number, to: number) => void {
  const rest = columns === undefined ? '' : `${columns}, `;
  const add = db.prepare(
    `INSERT INTO ${table}(value_id, ${rest}n)
     SELECT ?2, ${rest}n FROM ${table} WHERE value_id = ?1
     ON CONFLICT DO UPDATE SET n = n + excluded.n`,
  );
  const remove = db.prepare(`DELETE FROM ${table} WHERE value_id = ?`);
  return (from, to) => {
    add.run([from, to]);
    remove.run([from]);
  };
}

/** Moves what cleanings hold of a value's counts to another value. */
function moveTaken(db: Database): (from: number, to: number) => void {
  const add = db.prepare(
    `INSERT INTO cleaned_counts(cleaning, kind, key, day, n)
     SELECT cleaning, kind, ?2, day, n FROM cleaned_counts WHERE kind = 'value' AND key = ?1
     ON CONFLICT DO UPDATE SET n = n + excluded.n`,
  );
  const remove = db.prepare(`DELETE FROM cleaned_counts WHERE kind = 'value' AND key = ?`);
  return (from, to) => {
    add.run([from, to]);
    remove.run([from]);
  };
}

/**
 * Every value of a project with its people, or its reports, from a day on. A person counts on the
 * first day with the value alone; see `Gap`.
 */
const USES = `
  SELECT dims.id AS id, dim AS dimension, value, coalesce(
    CASE WHEN dim IN (${USER_DIMENSIONS.map((name) => `'${name}'`).join(', ')}) THEN (
      SELECT sum(n) FROM value_gaps
      WHERE value_id = dims.id AND day >= ?2 AND (gap = ${NEVER_BEFORE} OR day - gap < ?2)
    ) ELSE (
      SELECT sum(n) FROM report_values WHERE value_id = dims.id AND day >= ?2
    ) END, 0) AS n
  FROM dims WHERE project_id = ?1`;
