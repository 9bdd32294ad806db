import { USER_DIMENSIONS } from '../../../rules/dimensions.js';
import { addUpCrossed } from '../../answers/add-up-crossed.js';
import { createPersonReader } from '../../codec/person-reader.js';
import { type CrossedCounts, TooCostlyError } from '../../questions.js';
import { IS_PERSON } from '../users-table.js';
import type { Ask } from './ask.js';
import { namesOf } from './names-of.js';

/** Users that are read at once, as one value: rows cost the client more than the server. */
const PAGE = 5000;

/** IDs of values are below this. */
const IDS = 2 ** 26;

interface Page {
  /** What `createPersonReader()` reads. */
  readonly people: Buffer | null;
  readonly last: string | null;
  readonly n: number;
}

// Of those who were not there, only the days are counted.
const READ_PAGE = `
  SELECT string_agg(
      int4send(last_day) || int8send(bits)
      || substr(int2send(coalesce(length(older), 0)::int2), 2) || coalesce(older, '')
      || CASE WHEN ${IS_PERSON} AND last_day >= $3 AND first_day <= $4
           THEN '\\x01'::bytea || int4send(length(runs)) || runs ELSE '\\x00'::bytea END, '') AS people,
    max(uid::text) AS last, count(*) AS n
  FROM (
    SELECT uid, flags, first_day, last_day, bits, older, runs FROM users
    WHERE project_id = $1 AND ($2::uuid IS NULL OR uid > $2) ORDER BY uid LIMIT ${PAGE}
  ) page`;

/** How many people had two values together, day by day. No rollup has both. */
export const askCrossedDays: Ask<'crossedDays'> = async (
  connection,
  { project, dimensions, from, to, mostDays },
) => {
  const places = dimensions.map((name) => USER_DIMENSIONS.findIndex((one) => one === name));
  const person = createPersonReader({ places: [places[0] ?? -1, places[1] ?? -1], from, to });
  const projects = await connection.all<{ id: number }>(
    'SELECT id FROM projects WHERE $1::text IS NULL OR slug = $1 ORDER BY id',
    [project],
  );
  const parts: CrossedCounts[] = [];
  let activeDays = 0;
  for (const { id } of projects) {
    const cells = new Map<number, number[]>();
    const countsOf = (first: number, second: number): number[] => {
      const key = first * IDS + second;
      let counts = cells.get(key);
      if (counts === undefined) {
        counts = Array.from({ length: to - from + 1 }, () => 0);
        cells.set(key, counts);
      }
      return counts;
    };
    for (let last: string | null = null, isMore = true; isMore;) {
      const read: Page | undefined = await connection.get<Page>(READ_PAGE, [id, last, from, to]);
      activeDays += person.readAll(read?.people ?? Buffer.alloc(0), countsOf);
      if (activeDays > mostDays) throw new TooCostlyError(cells.size, to - from + 1);
      isMore = read?.n === PAGE;
      last = read?.last ?? null;
    }
    const ids = [...cells.keys()].flatMap((key) => [Math.floor(key / IDS), key % IDS]);
    const name = await namesOf(connection, id, ids);
    for (const [key, counts] of cells) {
      parts.push({ values: [name(Math.floor(key / IDS)), name(key % IDS)], counts });
    }
  }
  return addUpCrossed(parts);
};
