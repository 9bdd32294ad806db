import { NO_VALUE } from '../codec/said-column.js';
import type { Connection } from './connection.js';

/** A value that gives its place up, and what it counts under from now on. */
export interface MovedValue {
  readonly id: number;
  /** That of `other`; `NO_VALUE` if its dimension goes. */
  readonly other: number;
}

/** The rollups by value, with the columns of their keys after it. */
const TABLES = {
  report_values: ['day'],
  value_gaps: ['day', 'gap'],
  latest: [],
  newest_versions: ['day'],
} as const;

const MOVED = 'unnest($2::int[], $3::int[]) k(id, other)';

/**
 * Moves the counts of values of a project to others, and takes their places. Users' rows keep their
 * IDs: no other value gets them.
 */
export async function moveValues(
  connection: Connection,
  projectId: number,
  values: readonly MovedValue[],
): Promise<void> {
  const moved = [projectId, values.map(({ id }) => id), values.map(({ other }) => other)];
  for (const [table, columns] of Object.entries(TABLES)) {
    const rest = columns.map((column) => `${column}, `).join('');
    await connection.run(
      `INSERT INTO ${table}(project_id, value_id, ${rest}lane, n)
       SELECT project_id, k.other, ${rest}lane, sum(n) FROM ${table} JOIN ${MOVED} ON value_id = k.id
       WHERE project_id = $1 AND k.other <> ${NO_VALUE} GROUP BY project_id, k.other, ${rest}lane
       ON CONFLICT (project_id, value_id, ${rest}lane) DO UPDATE SET n = ${table}.n + excluded.n`,
      moved,
    );
    await connection.run(
      `DELETE FROM ${table} USING ${MOVED} WHERE project_id = $1 AND value_id = k.id`,
      moved,
    );
  }
  const taken = `kind = 'value' AND cleaning IN (SELECT n FROM cleanings WHERE project_id = $1)`;
  await connection.run(
    `INSERT INTO cleaned_counts(cleaning, kind, key, day, n)
     SELECT cleaning, kind, k.other::text, day, sum(n)
     FROM cleaned_counts JOIN ${MOVED} ON key = k.id::text
     WHERE ${taken} AND k.other <> ${NO_VALUE} GROUP BY cleaning, kind, k.other, day
     ON CONFLICT (cleaning, kind, key, day) DO UPDATE SET n = cleaned_counts.n + excluded.n`,
    moved,
  );
  await connection.run(
    `DELETE FROM cleaned_counts USING ${MOVED} WHERE ${taken} AND key = k.id::text`,
    moved,
  );
  await connection.run(
    `DELETE FROM dims USING ${MOVED} WHERE project_id = $1 AND value_id = k.id`,
    moved,
  );
  // What counted under one of them counts under its other from now on too.
  await connection.run(
    `UPDATE given_up SET other_id = k.other FROM ${MOVED}
     WHERE project_id = $1 AND other_id = k.id`,
    moved,
  );
  await connection.run(
    `INSERT INTO given_up(project_id, value_id, other_id) SELECT $1::int, k.id, k.other FROM ${MOVED}`,
    moved,
  );
}
