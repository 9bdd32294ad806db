import { USER_DIMENSIONS } from '../../../rules/dimensions.js';
import { addUpNewest } from '../../answers/add-up-newest.js';
import { createNewestTally, type NewestPair, VALUE_BYTES } from '../../codec/newest-tally.js';
import { type NewestCount, TooCostlyError } from '../../questions.js';
import type { Connection } from '../connection.js';
import { IS_PERSON } from '../users-table.js';
import type { Ask } from './ask.js';
import { namesOf } from './names-of.js';
import { IN_SCOPE } from './scope.js';

/** Users that are read at once, as one value: rows cost the client more than the server. */
const PAGE = 20_000;

/** How long a question may take, in milliseconds. It is looked at after each page. */
const MAX_MS = 10_000;

interface Page {
  /** The start of the newest run of each person, all of the same length. */
  readonly starts: Buffer | null;
  readonly last: string | null;
  readonly n: number;
}

const READ_PAGE = `
  SELECT string_agg(substr(runs || decode(repeat('00', $3::int), 'hex'), 1, $3::int), '')
      FILTER (WHERE ${IS_PERSON} AND last_day >= $4::int) AS starts,
    max(uid::text) AS last, count(*) AS n
  FROM (
    SELECT uid, flags, last_day, runs FROM users
    WHERE project_id = $1 AND ($2::uuid IS NULL OR uid > $2) ORDER BY uid LIMIT ${PAGE}
  ) page`;

const VERSIONS = `
  SELECT value, NULL AS of, sum(n) AS n FROM dims JOIN newest_versions USING (project_id, value_id)
  WHERE ${IN_SCOPE} AND dim = 'version' AND day >= $2
  GROUP BY project_id, value_id, value HAVING sum(n) > 0`;

/**
 * What people run now. Versions are in a rollup. Else it reads every user of a project: what belongs
 * together in a person's newest report is in no rollup.
 */
export const askNewestValues: Ask<'newestValues'> = async (connection, question) => {
  const { project, dimension, of, from } = question;
  if (dimension === 'version' && of === null) {
    return addUpNewest(await connection.all<NewestCount>(VERSIONS, [project, from]));
  }
  const startedAt = performance.now();
  const indexOf = (name: string | null): number => USER_DIMENSIONS.findIndex((one) => one === name);
  const indexes = [indexOf(dimension), indexOf(of)] as const;
  const projects = await connection.all<{ id: number }>(
    'SELECT id FROM projects WHERE $1::text IS NULL OR slug = $1 ORDER BY id',
    [project],
  );
  const parts: NewestCount[] = [];
  for (const { id } of projects) {
    const [usual, most] = VALUE_BYTES;
    const read = (valueBytes: number): Promise<NewestPair[] | undefined> =>
      countAll(connection, { id, indexes, valueBytes, from, startedAt });
    const pairs = (await read(usual)) ?? (await read(most));
    if (pairs === undefined) throw new Error('What a user ran last cannot be read.');
    const ids = pairs.flatMap((pair) => [pair.of, pair.value]);
    const name = await namesOf(connection, id, ids);
    for (const pair of pairs) {
      parts.push({ value: name(pair.value), of: of === null ? null : name(pair.of), n: pair.n });
    }
  }
  return addUpNewest(parts);
};

interface Reading {
  readonly id: number;
  readonly indexes: readonly [value: number, of: number];
  readonly valueBytes: number;
  readonly from: number;
  readonly startedAt: number;
}

async function countAll(
  connection: Connection,
  { id, indexes: [index, ofIndex], valueBytes, from, startedAt }: Reading,
): Promise<NewestPair[] | undefined> {
  const tally = createNewestTally(valueBytes, index, ofIndex);
  let users = 0;
  for (let last: string | null = null; ;) {
    const read: Page | undefined = await connection.get<Page>(READ_PAGE, [
      id,
      last,
      tally.startBytes,
      from,
    ]);
    if (!tally.add(read?.starts ?? Buffer.alloc(0))) return undefined;
    users += read?.n ?? 0;
    if (read?.n !== PAGE || read.last === null) return tally.pairs();
    last = read.last;
    if (performance.now() - startedAt > MAX_MS) throw new TooCostlyError(users, 1);
  }
}
