import { UNKNOWN, USER_DIMENSIONS } from '../../../rules/dimensions.js';
import type { Database } from '../../../sqlite/database.js';
import { type NewestCount, type NewestQuestion, TooCostlyError } from '../../questions.js';
import type { Counts } from '../../store.js';
import { decodeRuns } from '../users-table.js';
import { nameOf } from './name-of.js';

/** Users that are read at once, as one text: a row costs the binding ten times what it costs SQLite. */
const PAGE = 20_000;

/** How long a question may take, in milliseconds. */
const MAX_MS = 4000;

/** Bytes of a run before its first value, and of a value at most. */
const HEAD_BYTES = 3;
const VALUE_BYTES = 4;

interface Page {
  /** The newest values of each user, as many bytes of the run as are needed, in hex. */
  readonly runs: string | null;
  readonly last: Uint8Array | null;
  readonly n: number;
}

/**
 * Prepares the question what people run now. It reads every user of a project: what belongs together
 * in a person's newest report is in no rollup.
 */
export function prepareNewestValues(
  db: Database,
  nowMs = () => performance.now(),
): Counts['newestValues'] {
  const projects = db.prepare<{ id: number }>(
    'SELECT id FROM projects WHERE ?1 IS NULL OR slug = ?1',
  );
  const page = db.prepare<Page>(
    `SELECT group_concat(CASE WHEN ci = 0 AND last_day >= ?4 THEN hex(substr(runs, 1, ?3)) END) AS runs,
       max(uid) AS last, count(*) AS n
     FROM (SELECT * FROM users WHERE project_id = ?1 AND uid > ?2 ORDER BY uid LIMIT ${PAGE})`,
  );
  const named = db.prepare<{ name: string }>(`SELECT ${nameOf('?1')} AS name`);
  const name = (id: number | undefined): string =>
    (id === undefined ? undefined : named.get([id])?.name) ?? UNKNOWN;

  /** How many people have each start of a run. */
  const countStarts = (id: number, bytes: number, from: number): Map<string, number> => {
    const startedAt = nowMs();
    const starts = new Map<string, number>();
    let last = new Uint8Array(0);
    for (let users = 0; ;) {
      const {
        runs,
        last: end,
        n,
      } = page.get([id, last, bytes, from]) ?? { runs: null, last, n: 0 };
      for (const start of runs?.split(',') ?? []) starts.set(start, (starts.get(start) ?? 0) + 1);
      if (n < PAGE || end === null) return starts;
      last = new Uint8Array(end);
      if (nowMs() - startedAt > MAX_MS) throw new TooCostlyError((users += n), 1);
    }
  };

  return ({ project, dimension, of, from }: NewestQuestion) => {
    const indexes = [dimension, of].map((name) => USER_DIMENSIONS.findIndex((one) => one === name));
    const [index = -1, indexOf = -1] = indexes;
    const bytes = HEAD_BYTES + VALUE_BYTES * (Math.max(index, indexOf) + 1);
    const counts = new Map<string, NewestCount>();
    for (const { id } of projects.all([project])) {
      for (const [start, n] of countStarts(id, bytes, from)) {
        const [run] = decodeRuns(Buffer.from(start, 'hex'), 0).slice(-1);
        const value = name(run?.values[index]);
        const kind = of === null ? null : name(run?.values[indexOf]);
        const key = JSON.stringify([kind, value]);
        counts.set(key, { value, of: kind, n: n + (counts.get(key)?.n ?? 0) });
      }
    }
    return [...counts.values()].sort(
      (a, b) => compareText(a.of ?? '', b.of ?? '') || compareText(a.value, b.value),
    );
  };
}

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
