import { AGE_DIMENSION, AGES } from '../../../rules/age.js';
import { type ValueWindows, TooCostlyError, type WindowsQuestion } from '../../questions.js';
import type { Connection } from '../connection.js';
import type { Ask } from './ask.js';
import { isTimeout, withTimeout } from './with-timeout.js';
import { IN_SCOPE } from './scope.js';
import { peopleBy, REPORTS_BY } from './value-source.js';
import { inWindow, toWindows } from './windows.js';

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
  const { columns, span } = toWindows(windows);
  const rows = await connection.all<{ n: number }>(
    `SELECT coalesce(sum(n), 0) AS n
     FROM unnest($3::int[], $4::int[]) WITH ORDINALITY w(first_day, last_day, at)
     LEFT JOIN (
       SELECT day, gap, sum(n) AS n FROM (${peopleBy(dimension)}) all_rows
       WHERE value = $7 AND day BETWEEN $5 AND $6 GROUP BY day, gap
     ) rows ON ${inWindow}
     GROUP BY at ORDER BY at`,
    [project, dimension, ...columns, span.from, span.to, value],
  );
  return rows.map(({ n }) => n);
};

async function askWindows(
  connection: Connection,
  { project, dimension, windows }: WindowsQuestion,
  source: string,
): Promise<ValueWindows[]> {
  const { columns, span } = toWindows(windows);
  const days = span.to - span.from + 1;
  const values = await countValues(connection, project, dimension, source);
  if (values * days > MAX_VALUE_DAYS) throw new TooCostlyError(values, days);
  try {
    const rows = await withTimeout(connection, MAX_MS, () =>
      connection.all<{ value: string; at: number; n: number }>(
        `SELECT value, at, sum(n) AS n
         FROM (
           SELECT value, day, gap, sum(n) AS n FROM (${source}) all_rows
           WHERE day BETWEEN $5 AND $6 GROUP BY value, day, gap
         ) rows
         JOIN unnest($3::int[], $4::int[]) WITH ORDINALITY w(first_day, last_day, at) ON ${inWindow}
         GROUP BY value, at HAVING sum(n) <> 0 ORDER BY value, at`,
        [project, dimension, ...columns, span.from, span.to],
      ),
    );
    return toValueWindows(rows, windows.length);
  } catch (error) {
    if (isTimeout(error)) throw new TooCostlyError(values, days);
    throw error;
  }
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

function toValueWindows(
  rows: readonly { readonly value: string; readonly at: number; readonly n: number }[],
  length: number,
): ValueWindows[] {
  const found = new Map<string, number[]>();
  for (const { value, at, n } of rows) {
    let counts = found.get(value);
    if (counts === undefined) {
      counts = Array.from({ length }, () => 0);
      found.set(value, counts);
    }
    counts[at - 1] = n;
  }
  return [...found]
    .map(([value, counts]) => ({ value, counts }))
    .filter(({ counts }) => counts.some((count) => count > 0));
}
