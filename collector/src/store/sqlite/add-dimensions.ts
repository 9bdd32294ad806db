import { UNKNOWN, USER_DIMENSIONS } from '../../rules/dimensions.js';
import { NEVER_BEFORE, VALUE_WINDOW_DAYS } from '../../rules/tally.js';
import type { Database } from '../../sqlite/database.js';
import { createDictionary } from './dictionary.js';
import { decodeRuns, encodeRuns } from '../codec/runs-column.js';

/** The new dimensions of a project: their places in `USER_DIMENSIONS`, and the IDs of `unknown`. */
type Added = readonly (readonly [index: number, unknownId: number])[];

const PAGE = 1000;

/**
 * Gives everybody the value `unknown` of the dimensions of people that an older release did not
 * have, on all days: nothing is known of them. What has all dimensions stays as it is.
 */
export function addDimensions(db: Database, onProgress: (share: number) => void): void {
  const added = findAdded(db);
  if (added.size === 0) return;
  // All days of a person have one value: the day before with it is the active day before.
  const countDays = db.prepare(
    `INSERT INTO value_gaps(value_id, day, gap, n)
     SELECT ?1, day, CASE WHEN gap <= ?3 THEN gap ELSE ?4 END AS near, sum(n) AS people
     FROM gaps WHERE project_id = ?2 AND ci = 0 GROUP BY day, near HAVING people <> 0`,
  );
  for (const [projectId, dimensions] of added) {
    for (const [, unknownId] of dimensions) {
      countDays.run([unknownId, projectId, VALUE_WINDOW_DAYS, NEVER_BEFORE]);
    }
  }
  fillRuns(db, 'users', added, onProgress);
  fillRuns(db, 'cleaned_users', added, () => undefined);
}

/** Every project that has counted somebody has all dimensions that its release knew. */
function findAdded(db: Database): Map<number, Added> {
  const dictionary = createDictionary(db);
  const known = new Map<number, Set<string>>();
  const rows = db
    .prepare<{ project_id: number; dim: string }>('SELECT DISTINCT project_id, dim FROM dims')
    .all();
  for (const { project_id, dim } of rows) {
    known.set(project_id, (known.get(project_id) ?? new Set()).add(dim));
  }
  const added = new Map<number, Added>();
  for (const [projectId, dimensions] of known) {
    if (!dimensions.has(USER_DIMENSIONS[0])) continue;
    const missing = USER_DIMENSIONS.flatMap((name, index) =>
      dimensions.has(name) ? [] : [[index, dictionary.valueId(projectId, name, UNKNOWN)] as const],
    );
    if (missing.length > 0) added.set(projectId, missing);
  }
  return added;
}

interface Row {
  readonly project_id: number;
  readonly uid: Buffer;
  readonly cleaning: number;
  readonly runs: Buffer;
}

function fillRuns(
  db: Database,
  table: 'users' | 'cleaned_users',
  added: ReadonlyMap<number, Added>,
  onProgress: (share: number) => void,
): void {
  const total = db.prepare<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0;
  const keys: readonly (keyof Omit<Row, 'runs'>)[] = [
    ...(['project_id', 'uid'] as const),
    ...(table === 'users' ? [] : (['cleaning'] as const)),
  ];
  const page = db.prepare<Row>(
    `SELECT ${keys.join()}, runs FROM ${table}
     WHERE (${keys.join()}) > (${keys.map(() => '?').join()}) ORDER BY ${keys.join()} LIMIT ${PAGE}`,
  );
  const write = db.prepare(
    `UPDATE ${table} SET runs = ? WHERE ${keys.map((key) => `${key} = ?`).join(' AND ')}`,
  );
  const keyOf = (row: Omit<Row, 'runs'>) => keys.map((key) => row[key]);
  let last = keyOf({ project_id: -1, uid: Buffer.alloc(0), cleaning: 0 });
  for (let done = 0; ;) {
    const rows = page.all(last);
    for (const row of rows) {
      last = keyOf(row);
      const dimensions = added.get(row.project_id);
      if (dimensions === undefined) continue;
      // Runs are stored by their distance from the last day, whichever that is.
      const runs = decodeRuns(row.runs, 0).map(({ lastDay, values }) => ({
        lastDay,
        values: withUnknown(values, dimensions),
      }));
      write.run([encodeRuns(runs, 0), ...last]);
    }
    onProgress((done += rows.length) / Math.max(1, total));
    if (rows.length < PAGE) return;
  }
}

function withUnknown(values: readonly number[], added: Added): number[] {
  const filled = [...values];
  for (const [index, unknownId] of added) filled[index] = unknownId;
  return filled;
}
