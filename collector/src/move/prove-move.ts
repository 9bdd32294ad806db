import type { UserQuestion } from '../store/questions.js';
import { compareAnswers } from './compare-answers.js';
import type { MovedRow, MoveSource, MoveTarget } from '../store/moving/move-side.js';
import { keyOfRow } from '../store/moving/move-side.js';
import { movedTable, MOVED_TABLES, type MovedTable } from '../store/moving/moved-tables.js';
import type { OnMoveProgress } from './move-progress.js';
import type { ChangeRows } from './renumber-values.js';

/** What was compared, with nothing different. */
export interface MoveProof {
  readonly tables: number;
  readonly rows: number;
  readonly users: number;
  readonly questions: number;
  /** Questions that a store refuses to answer, as they would take too long. */
  readonly tooCostly: number;
}

export interface ProveOptions {
  readonly source: MoveSource;
  readonly target: MoveTarget;
  readonly changeRows: ChangeRows;
  readonly pageRows: number;
  readonly onProgress: OnMoveProgress;
  readonly randomUid: () => string;
}

/** Two stores have not the same counts. */
export class DifferenceError extends Error {
  override readonly name = 'DifferenceError';
}

/** Users whose data are compared. */
const USERS = 100;

/**
 * Compares two stores: every row, all data of some users, and the answers to every question.
 *
 * @throws {@link DifferenceError} that names the first difference.
 */
export async function proveMove(options: ProveOptions): Promise<MoveProof> {
  const { source, target, onProgress } = options;
  let rows = 0;
  for (const table of MOVED_TABLES) rows += await proveTable(table, options);
  const users = await chooseUsers(options);
  const { questions, tooCostly, difference } = await compareAnswers(source.reader, target.reader, {
    users,
    onProgress: (share) => {
      onProgress({ step: 'comparing answers', done: Math.floor(share * 100), total: 100 });
    },
  });
  if (difference !== null) throw new DifferenceError(`the answers to this differ: ${difference}`);
  return { tables: MOVED_TABLES.length, rows, users: users.length, questions, tooCostly };
}

async function proveTable(
  table: MovedTable,
  { source, target, changeRows, pageRows, onProgress }: ProveOptions,
): Promise<number> {
  const [total, moved] = [await source.count(table), await target.count(table)];
  if (total !== moved) {
    throw new DifferenceError(`${table.name} has ${moved} rows instead of ${total}`);
  }
  const step = `comparing ${table.name}`;
  let done = 0;
  for (let after: MovedRow | null = null; ;) {
    onProgress({ step, done, total });
    const page: readonly MovedRow[] = await source.page(table, after, pageRows);
    const expected = (await changeRows(table, page)).filter((row) => row['other_id'] !== 0);
    const found = new Map(
      (await target.find(table, expected)).map((row) => [keyOfRow(table, row), row]),
    );
    for (const row of expected) {
      const key = keyOfRow(table, row);
      const other = found.get(key);
      if (other !== undefined && isSame(table, row, other)) continue;
      throw new DifferenceError(
        `${table.name} ${other === undefined ? 'lacks' : 'has otherwise'} the row ${keyText(table, row)}`,
      );
    }
    done += page.length;
    after = page.at(-1) ?? null;
    if (page.length < pageRows) return done;
  }
}

const isSame = ({ columns }: MovedTable, one: MovedRow, other: MovedRow): boolean =>
  Object.keys(columns).every((name) => one[name] === other[name]);

const keyText = ({ key }: MovedTable, row: MovedRow): string =>
  key.map((column) => `${column} ${row[column]}`).join(', ');

/** Chooses users of all projects at random, about evenly. */
async function chooseUsers({ source, randomUid }: ProveOptions): Promise<UserQuestion[]> {
  const projects = await source.page(movedTable('projects'), null, MOST_PROJECTS);
  const chosen = new Map<string, UserQuestion>();
  if (projects.length === 0) return [];
  for (let tries = 0; tries < 3 * USERS && chosen.size < USERS; tries++) {
    const project = projects[tries % projects.length];
    if (project === undefined) break;
    const after = { project_id: project['id'] ?? 0, uid: randomUid() };
    const [user] = await source.page(movedTable('users'), after, 1);
    const owner = projects.find(({ id }) => id === user?.['project_id']);
    if (owner === undefined || user === undefined) continue;
    const slug = String(owner['slug']);
    const uid = String(user['uid']);
    chosen.set(`${slug} ${uid}`, { project: slug, uid: Buffer.from(uid, 'hex') });
  }
  return [...chosen.values()];
}

/** Projects that users are chosen of. */
const MOST_PROJECTS = 10_000;
