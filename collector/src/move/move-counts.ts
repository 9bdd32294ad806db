import { explainMark, type MoveCursor, type MovingMark } from '../store/moving/move-mark.js';
import type { OnMoveProgress } from './move-progress.js';
import {
  MoveError,
  type MovedBeside,
  type MovedRow,
  type MoveSource,
  type MoveTarget,
} from '../store/moving/move-side.js';
import { MOVED_TABLES, movedTable, type MovedTable } from '../store/moving/moved-tables.js';
import { DifferenceError, type MoveProof, proveMove } from './prove-move.js';
import { type ChangeRows, findDropped, renumberValues } from './renumber-values.js';

export interface MoveOptions {
  readonly source: MoveSource;
  readonly target: MoveTarget;
  readonly beside: MovedBeside;
  /** Tells which pepper the users of the folder are hashed with. */
  readonly pepperId: string;
  readonly onProgress: OnMoveProgress;
  readonly now: () => Date;
  /** 16 random bytes as hex digits. */
  readonly randomUid: () => string;
  /** Rows that are read and written at once. */
  readonly pageRows?: number;
}

/** What a move has done. */
export interface Moved {
  readonly rows: number;
  readonly users: number;
  /** Whether it went on where an earlier one had ended. */
  readonly isResumed: boolean;
  readonly proof: MoveProof;
}

const PAGE_ROWS = 5000;

/** No state of a store has it: a move with it begins anew. */
const NO_FINGERPRINT = '';

/**
 * Copies the counts of one store into another that is empty, compares both, and only then makes the
 * target usable and the source not. Ended at any moment, it goes on when it is run again.
 *
 * @throws {@link MoveError}
 */
export async function moveCounts(options: MoveOptions): Promise<Moved> {
  const { source, target, beside, now, onProgress, pageRows = PAGE_ROWS, randomUid } = options;
  await checkPeppers(options);
  const fingerprint = await source.fingerprint();
  const found = await target.mark();
  const resumed =
    found?.state === 'moving' && found.from === source.name && found.fingerprint === fingerprint
      ? found
      : undefined;
  await checkBoth(options, resumed !== undefined, found?.state === 'moving');
  const begun: MovingMark = {
    state: 'moving',
    from: source.name,
    fingerprint,
    table: 0,
    after: null,
  };
  if (resumed === undefined) await target.begin(begun);
  const changeRows = source.numbersWithinProjects
    ? await renumberValues(source)
    : (_: MovedTable, rows: readonly MovedRow[]) => Promise.resolve(rows);
  const rows = await copyTables(options, resumed ?? begun, changeRows);
  await target.finish();
  try {
    const proof = await proveMove({ source, target, changeRows, pageRows, onProgress, randomUid });
    const users = await source.count(movedTable('users'));
    onProgress({ step: 'settings', done: 0, total: 1 });
    await beside.copy();
    onProgress({ step: 'putting in place', done: 0, total: 1 });
    // The source first: a move that ends here goes on, and nobody counts into both.
    await source.setMark({ state: 'moved', to: target.name, at: now().getTime() });
    await beside.publish();
    await target.publish();
    return { rows, users, isResumed: resumed !== undefined, proof };
  } catch (error) {
    if (!(error instanceof DifferenceError)) throw error;
    await target.write([], { ...begun, fingerprint: NO_FINGERPRINT });
    throw new MoveError(
      `${target.name} differs from ${source.name}: ${error.message}. It stays unusable, and ` +
        `${source.name} is as it was. Run this again to copy all anew.`,
      { cause: error },
    );
  }
}

async function checkPeppers({ source, target, pepperId }: MoveOptions): Promise<void> {
  for (const side of [source, target]) {
    const known = await side.pepperId();
    if (known === null || known === pepperId) continue;
    throw new MoveError(
      `The users in ${side.name} were hashed with another pepper than that of the folder, and would all ` +
        'be counted again. Nothing was changed. Copy the file pepper of a collector of that store ' +
        'into the folder.',
    );
  }
}

async function checkBoth(
  { source, target }: MoveOptions,
  isResumed: boolean,
  isBegun: boolean,
): Promise<void> {
  const mark = await source.mark();
  if (mark === null && (await source.pepperId()) === null) {
    throw new MoveError(`${source.name} has no counts, so nothing can move. Nothing was changed.`);
  }
  const goesOn = isResumed && mark?.state === 'moved' && mark.to === target.name;
  if (mark !== null && !goesOn) throw new MoveError(explainMark(mark, source.name));
  if (isBegun || (await target.isEmpty())) return;
  throw new MoveError(
    `${target.name} has counts or settings already. Nothing was changed. A move needs an empty place: name ` +
      'another schema or folder, or remove what is there.',
  );
}

async function copyTables(
  { source, target, onProgress, pageRows = PAGE_ROWS }: MoveOptions,
  begun: MovingMark,
  changeRows: ChangeRows,
): Promise<number> {
  const dropped = await source.dropped();
  let moved = 0;
  for (const [at, table] of MOVED_TABLES.entries()) {
    if (at < begun.table) continue;
    const total = await source.count(table);
    let after = at === begun.table ? rowOf(table, begun.after) : null;
    for (let done = 0; ;) {
      onProgress({ step: table.name, done, total });
      const page = await source.page(table, after, pageRows);
      const isLast = page.length < pageRows;
      after = page.at(-1) ?? null;
      const lost = dropped.size > 0 ? findDropped(page, dropped) : [];
      const mark = isLast
        ? { ...begun, table: at + 1, after: null }
        : { ...begun, table: at, after: cursorOf(table, after) };
      const some = [
        { table, rows: await changeRows(table, page) },
        { table: movedTable('given_up'), rows: target.numbersWithinProjects ? lost : [] },
      ];
      await target.write(some, mark);
      done += page.length;
      moved += page.length;
      if (isLast) break;
    }
  }
  return moved;
}

/** The key of the last row that was copied. */
const cursorOf = ({ key }: MovedTable, row: MovedRow | null): MoveCursor | null =>
  row && key.map((column) => row[column] ?? null);

const rowOf = ({ key }: MovedTable, cursor: MoveCursor | null): MovedRow | null =>
  cursor && Object.fromEntries(key.map((column, at) => [column, cursor[at] ?? null]));
