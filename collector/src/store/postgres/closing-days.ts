import { USER_DIMENSIONS } from '../../rules/dimensions.js';
import { giveUpPlaces, isTooFull, type ValueUse } from '../../rules/give-up-places.js';
import { OTHER, RARE_WINDOW_DAYS } from '../../rules/limits.js';
import { NEVER_BEFORE, tallyMerged, tallyMergedSaid } from '../../rules/tally.js';
import { NO_VALUE } from '../codec/said-column.js';
import {
  GapChanges,
  hasSeveral,
  type PeopleMerge,
  saidDimensionsOf,
  saidSeveral,
  type ValuesMerge,
} from '../merged-values.js';
import type { Connection } from './connection.js';
import type { Dictionary } from './dictionary.js';
import { FOLDED_LANE } from './fold-lanes.js';
import { moveValues } from './move-values.js';
import { fromRow, IS_PERSON, USER_COLUMNS, type UserRow } from './users-table.js';

interface Use extends ValueUse {
  readonly id: number;
}

/** Users that are read at once. */
const PAGE = 1000;

const FIRST_UID = '00000000-0000-0000-0000-000000000000';

/**
 * Every value of a project with its people, or its reports, from a day on. A person counts on the
 * first day with the value alone; see `Gap`.
 */
const USES = `
  SELECT value_id AS id, dim AS dimension, value, coalesce(
    CASE WHEN dim = ANY($3::text[]) THEN (
      SELECT sum(n) FROM value_gaps g WHERE g.project_id = $1 AND g.value_id = d.value_id
        AND day >= $2 AND (gap = ${NEVER_BEFORE} OR day - gap < $2)
    ) ELSE (
      SELECT sum(n) FROM report_values r
      WHERE r.project_id = $1 AND r.value_id = d.value_id AND day >= $2
    ) END, 0) AS n
  FROM dims d WHERE project_id = $1`;

// A million users are read here: only those with several days, and no more than is needed.
const SEVERAL_DAYS = `
  SELECT ${USER_COLUMNS} FROM users u
  WHERE project_id = $1 AND uid > $2 AND last_day >= $3 AND first_day <= $4
    AND ((first_day < last_day AND ${IS_PERSON}) OR said <> '')
  ORDER BY uid LIMIT ${PAGE}`;

/**
 * Closes the day of a project: rare values give their places up if it is too full, and the new day
 * begins. All earlier reports must have been written, and no other node may count meanwhile.
 */
export async function closeDay(
  connection: Connection,
  dictionary: Dictionary,
  { projectId, slug, receivedDay }: ClosedDay,
): Promise<void> {
  const from = dictionary.newestDay(projectId) - RARE_WINDOW_DAYS + 1;
  const sizes = await connection.all<{ n: number }>(
    'SELECT count(*) AS n FROM dims WHERE project_id = $1 GROUP BY dim',
    [projectId],
  );
  const isFull = isTooFull(sizes.map(({ n }) => n));
  if (isFull) {
    const uses = await connection.all<Use>(USES, [
      projectId,
      Number.isFinite(from) ? from : -1e9,
      USER_DIMENSIONS,
    ]);
    await giveUp(connection, dictionary, projectId, uses);
  }
  await connection.run(
    'UPDATE projects SET newest_day = $2, closings = closings + $3 WHERE id = $1',
    [projectId, receivedDay, Number(isFull)],
  );
  dictionary.changed(projectId);
  await dictionary.loadProjects([slug]);
}

export interface ClosedDay {
  readonly projectId: number;
  readonly slug: string;
  /** The day that begins. */
  readonly receivedDay: number;
}

async function giveUp(
  connection: Connection,
  dictionary: Dictionary,
  projectId: number,
  uses: readonly Use[],
): Promise<void> {
  const { dimensions, values } = giveUpPlaces(uses);
  const dropped = uses.filter(({ dimension }) => dimensions.includes(dimension));
  const names = [...new Set(values.map(({ dimension }) => dimension))];
  const others = names.map((dimension) => ({ projectId, dimension, value: OTHER }));
  await dictionary.loadValues(others);
  const otherOf = new Map(others.map((one) => [one.dimension, dictionary.valueId(one)]));
  await dictionary.flush();
  const otherId = (dimension: string): number => otherOf.get(dimension) ?? NO_VALUE;
  const mergeOf = async (dimension: string, ids: readonly number[]): Promise<ValuesMerge> => ({
    otherId: otherId(dimension),
    merged: new Set([...ids, otherId(dimension)]),
    ...(await daysOf(connection, projectId, ids)),
  });
  const people: PeopleMerge[] = [];
  for (const [index, dimension] of USER_DIMENSIONS.entries()) {
    const ids = values.filter((use) => use.dimension === dimension).map(({ id }) => id);
    if (ids.length > 0) people.push({ index, ...(await mergeOf(dimension, ids)) });
  }
  const said: ValuesMerge[] = [];
  for (const [dimension, ids] of saidDimensionsOf(values)) said.push(await mergeOf(dimension, ids));
  await dictionary.loadResolvers([projectId]);
  await countAnew(connection, dictionary, projectId, { people, said });
  await moveValues(connection, projectId, [
    ...dropped.map(({ id }) => ({ id, other: NO_VALUE })),
    ...values.map(({ id, dimension }) => ({ id, other: otherId(dimension) })),
  ]);
}

async function daysOf(
  connection: Connection,
  projectId: number,
  ids: readonly number[],
): Promise<{ readonly first: number; readonly last: number }> {
  const row = await connection.get<{ first: number | null; last: number | null }>(
    `SELECT min(day) AS first, max(day) AS last FROM value_gaps
     WHERE project_id = $1 AND value_id = ANY($2::int[])`,
    [projectId, ids],
  );
  return { first: row?.first ?? Infinity, last: row?.last ?? -Infinity };
}

/** Counts the days anew of those people who had, or said, several of the values that become one. */
async function countAnew(
  connection: Connection,
  dictionary: Dictionary,
  projectId: number,
  merges: { readonly people: readonly PeopleMerge[]; readonly said: readonly ValuesMerge[] },
): Promise<void> {
  const all = [...merges.people, ...merges.said];
  const first = Math.min(...all.map((merge) => merge.first));
  const last = Math.max(...all.map((merge) => merge.last));
  if (first > last) return;
  const resolve = dictionary.resolverOf(projectId);
  const mergeOf = new Map(merges.said.flatMap((one) => [...one.merged].map((id) => [id, one])));
  const changes = new GapChanges();
  let after = FIRST_UID;
  for (let isMore = true; isMore;) {
    const rows = await connection.all<UserRow>(SEVERAL_DAYS, [projectId, after, first, last]);
    isMore = rows.length === PAGE;
    for (const row of rows) {
      after = row.uid;
      const isOfPerson = row.first_day < row.last_day && (row.flags & 1) === 0;
      const several = isOfPerson
        ? merges.people.filter((merge) => hasSeveral(row.runs, merge, resolve))
        : [];
      const severalSaid = mergeOf.size > 0 ? saidSeveral(row.said, mergeOf, resolve) : new Set();
      if (several.length === 0 && severalSaid.size === 0) continue;
      const user = fromRow(row, resolve);
      for (const { index, otherId, merged } of several) {
        tallyMerged(user, index, merged, (day, gap, by) => changes.add(otherId, day, gap, by));
      }
      for (const { otherId, merged } of severalSaid as ReadonlySet<ValuesMerge>) {
        tallyMergedSaid(user.said, merged, (day, gap, by) => changes.add(otherId, day, gap, by));
      }
    }
  }
  const rows: (readonly number[])[] = [];
  changes.tell((row) => rows.push(row));
  if (rows.length === 0) return;
  await connection.run(
    `INSERT INTO value_gaps(project_id, value_id, day, gap, lane, n)
     SELECT $1::int, k.value_id, k.day, k.gap, ${FOLDED_LANE}, k.n
     FROM unnest($2::int[], $3::int[], $4::int2[], $5::int8[]) k(value_id, day, gap, n)
     ON CONFLICT (project_id, value_id, day, gap, lane)
     DO UPDATE SET n = value_gaps.n + excluded.n`,
    [projectId, ...[0, 1, 2, 3].map((at) => rows.map((row) => row[at]))],
  );
}
