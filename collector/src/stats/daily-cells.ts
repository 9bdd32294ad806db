import type { Asked } from './define-question.js';
import type { CellsQuestion, PublicCells } from './public-cells.js';

/** Public cells that stay the same for a day, so that two answers of one day cannot be subtracted. */
export interface DailyCells {
  /** The cells of a project's last complete day, for each dimension. */
  of(
    asked: Pick<Asked, 'today' | 'asOf'> & { readonly project: string },
    dimensions: readonly string[],
  ): Promise<Readonly<Record<string, PublicCells>>>;
}

/** Adds to a question what the public sees of some dimensions, if it is the public that asks. */
export async function withCells(
  dailyCells: DailyCells,
  asked: Asked,
  dimensions: readonly string[],
): Promise<Asked> {
  const { project, level, visibility } = asked;
  if (level !== 'public' || visibility !== 'detailed' || project === null) return asked;
  return { ...asked, cells: await dailyCells.of({ ...asked, project }, dimensions) };
}

/** The most memory that kept cells take, in bytes. */
const MAX_KEPT_BYTES = 16 * 1024 ** 2;

interface Kept {
  readonly lastDay: number;
  readonly cells: Promise<PublicCells>;
  bytes: number;
}

/**
 * Creates the cells of the day, which are made when they are first asked for.
 *
 * @param make - Makes the cells of one dimension.
 * @param k - Groups of fewer people are not shown.
 */
export function createDailyCells(
  make: (question: CellsQuestion) => Promise<PublicCells>,
  k: number,
): DailyCells {
  const kept = new Map<string, Kept>();
  let bytes = 0;
  const drop = (key: string): void => {
    bytes -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  };
  const measure = (key: string, one: Kept, cells: PublicCells): void => {
    if (kept.get(key) !== one) return;
    one.bytes = sizeOf(key, cells);
    bytes += one.bytes;
    for (const oldest of kept.keys()) {
      if (bytes <= MAX_KEPT_BYTES) break;
      drop(oldest);
    }
  };
  const find = (question: CellsQuestion): Promise<PublicCells> => {
    const key = JSON.stringify([question.project, question.dimension]);
    const found = kept.get(key);
    if (found?.lastDay === question.lastDay) return found.cells;
    drop(key);
    const one: Kept = { lastDay: question.lastDay, cells: make(question), bytes: 0 };
    kept.set(key, one);
    one.cells.then(
      (cells) => measure(key, one, cells),
      () => {
        // The next question tries again.
        if (kept.get(key) === one) drop(key);
      },
    );
    return one.cells;
  };
  return {
    of: async ({ project, today, asOf }, dimensions) => {
      const question = { project, k, lastDay: today - 1, asOf };
      const found = await Promise.all(
        dimensions.map(async (dimension) => [dimension, await find({ ...question, dimension })]),
      );
      return Object.fromEntries(found) as Record<string, PublicCells>;
    },
  };
}

/** About: the windows take more than the numbers in them. */
const sizeOf = (key: string, { windows, groups }: PublicCells): number =>
  2 * key.length +
  64 * windows.length +
  groups.reduce((sum, { group, counts }) => sum + 2 * group.length + counts.byteLength, 0);
