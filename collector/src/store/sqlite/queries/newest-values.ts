import { UNKNOWN, USER_DIMENSIONS } from '../../../rules/dimensions.js';
import type { Database } from '../../../sqlite/database.js';
import { addUpNewest } from '../../answers/add-up-newest.js';
import { type NewestQuestion, TooCostlyError } from '../../questions.js';
import type { Counts } from '../../store.js';
import { createNewestTally, type NewestPair, VALUE_BYTES } from '../../codec/newest-tally.js';
import { nameOf } from './name-of.js';
import { prepareNewestVersions } from './newest-versions.js';

/** Users that are read at once, as one text: a row costs the binding ten times what it costs SQLite. */
const PAGE = 20_000;

/**
 * How long a question may take, in milliseconds. It is looked at after each page. A million people take
 * 0.4 s of the processor, but the clock runs on while others have it, and Node 20 cannot tell the
 * processor time of a thread: a busy machine must not make a usual question too costly.
 */
const MAX_MS = 10_000;

interface Page {
  /** The start of the newest run of each person, all of the same length, in hex. */
  readonly starts: string | null;
  readonly last: Uint8Array | null;
  readonly n: number;
}

/**
 * Prepares the question what people run now. Versions are in a rollup. Else it reads every user of a
 * project: what belongs together in a person's newest report is in no rollup.
 */
export function prepareNewestValues(
  db: Database,
  nowMs = () => performance.now(),
): Counts['newestValues'] {
  const projects = db.prepare<{ id: number }>(
    'SELECT id FROM projects WHERE ?1 IS NULL OR slug = ?1',
  );
  const page = db.prepare<Page>(
    `SELECT group_concat(
         CASE WHEN ci = 0 AND last_day >= ?4 THEN
           CASE WHEN length(runs) < ?3 THEN substr(hex(runs) || hex(zeroblob(?3)), 1, 2 * ?3)
             ELSE hex(substr(runs, 1, ?3)) END
         END, '') AS starts,
       max(uid) AS last, count(*) AS n
     FROM (
       SELECT uid, ci, last_day, runs FROM users
       WHERE project_id = ?1 AND uid > ?2 ORDER BY uid LIMIT ${PAGE}
     )`,
  );
  const named = db.prepare<{ name: string }>(`SELECT ${nameOf('?1')} AS name`);

  const versions = prepareNewestVersions(db);

  return ({ project, dimension, of, from }: NewestQuestion) => {
    if (dimension === 'version' && of === null) return addUpNewest(versions(project, from));
    const startedAt = nowMs();
    const indexOf = (name: string | null): number =>
      USER_DIMENSIONS.findIndex((one) => one === name);
    const [index, ofIndex] = [indexOf(dimension), indexOf(of)];
    const countAll = (valueBytes: number): NewestPair[] | undefined => {
      const tally = createNewestTally(valueBytes, index, ofIndex);
      let users = 0;
      for (const { id } of projects.all([project])) {
        let last: Uint8Array | null = new Uint8Array(0);
        while (last !== null) {
          const read = page.get([id, last, tally.startBytes, from]);
          if (!tally.add(Buffer.from(read?.starts ?? '', 'hex'))) return undefined;
          users += read?.n ?? 0;
          last = read?.n === PAGE ? read.last && new Uint8Array(read.last) : null;
          if (nowMs() - startedAt > MAX_MS) throw new TooCostlyError(users, 1);
        }
      }
      return tally.pairs();
    };
    const [usual, most] = VALUE_BYTES;
    const pairs = countAll(usual) ?? countAll(most);
    if (pairs === undefined)
      throw new Error('What a user ran last cannot be read: counts.db is damaged.');
    // Dimensions that are newer than a user's report have no value in it.
    const name = (id: number): string => (id === 0 ? undefined : named.get([id])?.name) ?? UNKNOWN;
    return addUpNewest(
      pairs.map((pair) => ({
        value: name(pair.value),
        of: of === null ? null : name(pair.of),
        n: pair.n,
      })),
    );
  };
}
