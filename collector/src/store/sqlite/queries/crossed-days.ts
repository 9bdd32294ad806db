import { UNKNOWN, USER_DIMENSIONS } from '../../../rules/dimensions.js';
import type { Database } from '../../../sqlite/database.js';
import { addUpCrossed } from '../../answers/add-up-crossed.js';
import { type CrossedQuestion, TooCostlyError } from '../../questions.js';
import type { Counts } from '../../store.js';
import { createPersonReader } from '../../codec/person-reader.js';
import { nameOf } from './name-of.js';

/** Users that are read at once, as one text: a row costs the binding ten times what it costs SQLite. */
const PAGE = 5000;

/** IDs of values are below this. */
const IDS = 2 ** 26;

interface Page {
  /** What {@link createPersonReader} reads, in hex. */
  readonly people: string | null;
  readonly last: Uint8Array | null;
  readonly n: number;
}

/**
 * Prepares the question how many people had two values together, day by day. It reads the days that
 * are kept of each person: no rollup has both.
 */
export function prepareCrossedDays(db: Database): Counts['crossedDays'] {
  const projects = db.prepare<{ id: number }>(
    'SELECT id FROM projects WHERE ?1 IS NULL OR slug = ?1 ORDER BY id',
  );
  // Of those who were not there, only the days are counted.
  const page = db.prepare<Page>(
    `SELECT group_concat(
         printf('%08x%016x%02x', last_day, bits, ifnull(length(older), 0)) || hex(ifnull(older, ''))
         || CASE WHEN ci = 0 AND last_day >= ?3 AND first_day <= ?4
              THEN printf('01%08x', length(runs)) || hex(runs) ELSE '00' END, '') AS people,
       max(uid) AS last, count(*) AS n
     FROM (
       SELECT uid, ci, first_day, last_day, bits, older, runs FROM users
       WHERE project_id = ?1 AND uid > ?2 ORDER BY uid LIMIT ${PAGE}
     )`,
  );
  const named = db.prepare<{ name: string }>(`SELECT ${nameOf('?1')} AS name`);

  return ({ project, dimensions, from, to, mostDays }: CrossedQuestion) => {
    const places = dimensions.map((name) => USER_DIMENSIONS.findIndex((one) => one === name));
    const person = createPersonReader({ places: [places[0] ?? -1, places[1] ?? -1], from, to });
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
    let activeDays = 0;
    for (const { id } of projects.all([project])) {
      let last: Uint8Array | null = new Uint8Array(0);
      while (last !== null) {
        const read = page.get([id, last, from, to]);
        activeDays += person.readAll(Buffer.from(read?.people ?? '', 'hex'), countsOf);
        if (activeDays > mostDays) throw new TooCostlyError(cells.size, to - from + 1);
        last = read?.n === PAGE ? read.last && new Uint8Array(read.last) : null;
      }
    }
    // Dimensions that are newer than a report have no value in it.
    const name = (id: number): string => (id === 0 ? undefined : named.get([id])?.name) ?? UNKNOWN;
    return addUpCrossed(
      [...cells].map(([key, counts]) => ({
        values: [name(Math.floor(key / IDS)), name(key % IDS)],
        counts,
      })),
    );
  };
}
