import { AGE_DIMENSION, AGES } from '../../../rules/age.js';
import { spanOf } from '../../../rules/window-counter.js';
import { type ValueWindows, TooCostlyError, type WindowsQuestion } from '../../questions.js';
import type { Connection } from '../connection.js';
import type { Ask } from './ask.js';
import { isTimeout, withTimeout } from './with-timeout.js';
import { IN_SCOPE } from './scope.js';
import { peopleBy, REPORTS_BY } from './value-source.js';
import { addUp, type Change, inWindows, toParts } from './windows.js';

/** Values times days of a question at most. */
const MAX_VALUE_DAYS = 2_000_000;

/** How long a question may take, in milliseconds. */
const MAX_MS = 8000;

/** People in each window by the values of a dimension. */
export const askValueWindows: Ask<'valueWindows'> = (connection, question) =>
  askWindows(connection, question, peopleBy(question.dimension));

/** The same for reports by event or field. */
export const askReportWindows: Ask<'reportWindows'> = (connection, question) =>
  askWindows(connection, question, REPORTS_BY);

/** People with one value in each window. */
export const askValuePeople: Ask<'valuePeople'> = async (
  connection,
  { project, dimension, value, windows },
) => {
  const counts = windows.map(() => 0);
  for (const part of toParts(windows)) {
    const changes = await connection.all<Change>(
      `SELECT at, sum(change.n) AS n
       FROM ${inWindows(`SELECT day, gap, n FROM (${peopleBy(dimension)}) all_rows
         WHERE value = $7 AND day BETWEEN $5 AND $6`)}
       GROUP BY at`,
      [project, dimension, ...part.params, value],
    );
    addUp(counts, part, changes);
  }
  return counts;
};

async function askWindows(
  connection: Connection,
  { project, dimension, windows }: WindowsQuestion,
  source: string,
): Promise<ValueWindows[]> {
  const { from, to } = spanOf(windows);
  const days = to - from + 1;
  const values = await countValues(connection, project, dimension, source);
  if (values * days > MAX_VALUE_DAYS) throw new TooCostlyError(values, days);
  const found = new Map<string, number[]>();
  try {
    for (const part of toParts(windows)) {
      const changes = await withTimeout(connection, MAX_MS, () =>
        connection.all<Change & { readonly value: string }>(
          `SELECT value, at, sum(change.n) AS n
           FROM ${inWindows(`SELECT value, day, gap, n FROM (${source}) all_rows
             WHERE day BETWEEN $5 AND $6`)}
           GROUP BY value, at HAVING sum(change.n) <> 0`,
          [project, dimension, ...part.params],
        ),
      );
      for (const [value, own] of byValue(changes)) {
        const counts = found.get(value) ?? windows.map(() => 0);
        addUp(counts, part, own);
        found.set(value, counts);
      }
    }
  } catch (error) {
    if (isTimeout(error)) throw new TooCostlyError(values, days);
    throw error;
  }
  return [...found]
    .map(([value, counts]) => ({ value, counts }))
    .filter(({ counts }) => counts.some((count) => count > 0))
    .sort((a, b) => Buffer.compare(Buffer.from(a.value), Buffer.from(b.value)));
}

/** How many values a question is about; those of several projects are several. */
async function countValues(
  connection: Connection,
  project: string | null,
  dimension: string,
  source: string,
): Promise<number> {
  const isOfAges = dimension === AGE_DIMENSION && source !== REPORTS_BY;
  const row = isOfAges
    ? await connection.get<{ n: number }>(
        `SELECT ${AGES.length} * count(*) AS n FROM projects WHERE $1::text IS NULL OR slug = $1`,
        [project],
      )
    : await connection.get<{ n: number }>(
        `SELECT count(*) AS n FROM dims WHERE ${IN_SCOPE} AND dim = $2`,
        [project, dimension],
      );
  return row?.n ?? 0;
}

function byValue<One extends Change & { readonly value: string }>(
  changes: readonly One[],
): Map<string, One[]> {
  const found = new Map<string, One[]>();
  for (const change of changes) {
    const own = found.get(change.value);
    if (own) own.push(change);
    else found.set(change.value, [change]);
  }
  return found;
}
