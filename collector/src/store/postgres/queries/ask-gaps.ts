import type { GapCount, ValueGapCount } from '../../questions.js';
import type { Ask } from './ask.js';
import { IN_SCOPE } from './scope.js';
import { peopleBy } from './value-source.js';
import { addUp, firstsIn, inWindows, toParts } from './windows.js';

/** How active people were. Deletions are subtracted from counts, which may leave rows with 0. */
export const askGaps: Ask<'gaps'> = (connection, { project, ci, from, to }) =>
  connection.all<GapCount>(
    `SELECT day, gap, sum(n) AS n FROM gaps
     WHERE ${IN_SCOPE} AND ci = $2 AND day BETWEEN $3 AND $4
     GROUP BY day, gap HAVING sum(n) <> 0 ORDER BY day, gap`,
    [project, Number(ci), from, to],
  );

/** The same by the values of a dimension. */
export const askValueGaps: Ask<'valueGaps'> = (connection, { project, dimension, from, to }) =>
  connection.all<ValueGapCount>(
    `SELECT day, value, gap, sum(n) AS n FROM (${peopleBy(dimension)}) rows
     WHERE day BETWEEN $3 AND $4
     GROUP BY day, value, gap HAVING sum(n) <> 0 ORDER BY day, value, gap`,
    [project, dimension, from, to],
  );

/** People in each window. */
export const askPeopleWindows: Ask<'peopleWindows'> = async (
  connection,
  { project, ci, windows },
) => {
  const [active, firsts] = [windows.map(() => 0), windows.map(() => 0)];
  for (const part of toParts(windows)) {
    const changes = await connection.all<{ at: number; n: number; firsts: number }>(
      `SELECT at, sum(change.n) AS n, coalesce(${firstsIn}, 0) AS firsts
       FROM ${inWindows(`SELECT day, gap, n FROM gaps
         WHERE ${IN_SCOPE} AND ci = $2 AND day BETWEEN $5 AND $6`)}
       GROUP BY at`,
      [project, Number(ci), ...part.params],
    );
    addUp(active, part, changes);
    const firstChanges = changes.map((one) => ({ at: one.at, n: one.firsts }));
    addUp(firsts, part, firstChanges);
  }
  return { active, firsts };
};
