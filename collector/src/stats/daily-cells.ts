import type { Logger } from 'pino';
import { ProblemError } from '../errors.js';
import { createFailureLog } from '../logs/failure-log.js';
import { type CellsFiles, willDo } from './cells-files.js';
import type { CleaningsInEffect } from './cleanings-in-effect.js';
import type { Asked } from './define-question.js';
import { HIDDEN } from '../access/suppression.js';
import { EVENT_DIMENSION, eventOfField } from '../rules/dimensions.js';
import { type CellsQuestion, emptyCells, type PublicCells } from './public-cells.js';

/** Public cells that stay the same for a day, so that two answers of one day cannot be subtracted. */
export interface DailyCells {
  /** The cells of a project's last complete day, for each dimension. */
  of(
    asked: Pick<Asked, 'today' | 'asOf'> & { readonly project: string },
    dimensions: readonly string[],
  ): Promise<Readonly<Record<string, PublicCells>>>;
}

/**
 * Adds to a question what the public sees of some dimensions, if it is the public that asks.
 *
 * @param isOptional - Whether it is answered without them where they cannot be kept.
 */
export async function withCells(
  dailyCells: DailyCells,
  asked: Asked,
  dimensions: readonly string[],
  isOptional: boolean,
): Promise<Asked> {
  const { project, level, visibility } = asked;
  if (level !== 'public' || visibility !== 'detailed' || project === null) return asked;
  try {
    return { ...asked, cells: await dailyCells.of({ ...asked, project }, dimensions) };
  } catch (error) {
    if (isOptional && error instanceof ProblemError && error.code === 'failing') return asked;
    throw error;
  }
}

/** The most memory that kept cells take, in bytes. */
const MAX_KEPT_BYTES = 16 * 1024 ** 2;

interface Kept {
  readonly circumstances: Circumstances;
  readonly cells: Promise<PublicCells>;
  bytes: number;
}

/** Cells are kept as long as these stay the same. */
interface Circumstances {
  readonly lastDay: number;
  readonly cleanings: string;
}

export interface DailyCellsParts {
  /** Makes the cells of one dimension. */
  readonly make: (question: CellsQuestion) => Promise<PublicCells | undefined>;
  /** Groups of fewer people are not shown. */
  readonly k: number;
  /** What was shown before, also before a restart. */
  readonly files: CellsFiles;
  readonly cleanings: Pick<CleaningsInEffect, 'of'>;
  readonly logger: Pick<Logger, 'error' | 'info'>;
}

/**
 * Creates the cells of the day, which are made when they are first asked for. They are on disk
 * before anybody sees them: after a restart, others would tell of reports that came meanwhile.
 */
export function createDailyCells(parts: DailyCellsParts): DailyCells {
  const { make, k, files, cleanings, logger } = parts;
  const failures = createFailureLog({ logger });
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
  const readOrMake = async (question: CellsQuestion, now: Circumstances): Promise<PublicCells> => {
    const { project, dimension } = question;
    try {
      const found = await files.read(project, dimension, now.lastDay);
      const wanted = { k, ...now };
      if (found !== undefined && willDo(found, wanted)) return found.cells;
    } catch (error) {
      refuse(error, 'what the public saw cannot be read');
    }
    const cells = await make(question);
    // Anybody may ask for any name of a field: those that nobody has used leave no file.
    if (cells === undefined) return emptyCells(question);
    try {
      return await files.write({ project, dimension, k, cleanings: now.cleanings, cells });
    } catch (error) {
      return refuse(error, 'what the public sees cannot be kept');
    }
  };
  const refuse = (error: unknown, message: string): never => {
    failures.failed(error, message);
    throw new ProblemError(
      'failing',
      `Distributions are not shown now, since ${message}; the collector's log says why. Totals are: ` +
        'ask for the summary, or come back later.',
    );
  };
  const find = (question: CellsQuestion, circumstances: Circumstances): Promise<PublicCells> => {
    const key = JSON.stringify([question.project, question.dimension]);
    const found = kept.get(key);
    if (found !== undefined && isEqual(found.circumstances, circumstances)) return found.cells;
    drop(key);
    // One that was begun for other circumstances must not replace the file of this one.
    const before = found?.cells.catch(() => undefined) ?? Promise.resolve();
    const cells = before.then(() => readOrMake(question, circumstances));
    const one: Kept = { circumstances, cells, bytes: 0 };
    kept.set(key, one);
    cells.then(
      (made) => measure(key, one, made),
      () => {
        // The next question tries again.
        if (kept.get(key) === one) drop(key);
      },
    );
    return cells;
  };
  /** A field's people are among those of its event, who must be shown before. */
  const findField = async (
    question: CellsQuestion,
    event: string,
    circumstances: Circumstances,
  ): Promise<PublicCells> => {
    const events = await find({ ...question, dimension: EVENT_DIMENSION }, circumstances);
    const counts = events.groups.find(({ group }) => group === event)?.counts;
    if (counts === undefined) return emptyCells(question);
    // None in a window is no group to look into.
    const ofEvent = [...counts].map((n) => (n > 0 ? n : HIDDEN));
    return find({ ...question, ofEvent }, circumstances);
  };
  return {
    of: async ({ project, today, asOf }, dimensions) => {
      if (dimensions.length === 0) return {};
      const circumstances = { lastDay: today - 1, cleanings: await cleanings.of(project) };
      const question = { project, k, lastDay: circumstances.lastDay, asOf };
      const found = await Promise.all(
        dimensions.map(async (dimension) => {
          const event = eventOfField(dimension);
          const asked = { ...question, dimension };
          const cells =
            event === undefined
              ? find(asked, circumstances)
              : findField(asked, event, circumstances);
          return [dimension, await cells];
        }),
      );
      return Object.fromEntries(found) as Record<string, PublicCells>;
    },
  };
}

const isEqual = (a: Circumstances, b: Circumstances): boolean =>
  a.lastDay === b.lastDay && a.cleanings === b.cleanings;

/** About: the windows take more than the numbers in them. */
const sizeOf = (key: string, { windows, groups }: PublicCells): number =>
  2 * key.length +
  64 * windows.length +
  groups.reduce((sum, { group, counts }) => sum + 2 * group.length + counts.byteLength, 0);
