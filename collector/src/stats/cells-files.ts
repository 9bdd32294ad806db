import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../has-code.js';
import { makeFolders } from '../make-folders.js';
import { anyFolder, type CheckFolder } from '../opened-folder.js';
import { DAY_MS } from '../rules/day.js';
import { writeDurably } from '../write-durably.js';
import { type PublicCells, windowsUpTo } from './public-cells.js';

/** What the public was shown of a dimension, and for which circumstances it holds. */
export interface KeptCells {
  readonly project: string;
  readonly dimension: string;
  /** Groups of fewer people were not shown. */
  readonly k: number;
  /** The cleanings of the project that were in effect. */
  readonly cleanings: string;
  readonly cells: PublicCells;
}

/** What the public was shown last, on disk, so that a restart shows the same. */
export interface CellsFiles {
  /**
   * The cells that were kept last up to a day; `undefined` if there are none, or they cannot be read.
   */
  read(project: string, dimension: string, lastDay: number): Promise<KeptCells | undefined>;
  /**
   * Keeps cells, unless another node has shown others for the same circumstances.
   *
   * @returns Those that the public is shown, once they are kept.
   */
  write(kept: KeptCells): Promise<PublicCells>;
}

/** Whether cells can be shown where others are wanted. */
export const willDo = (
  { k, cleanings, cells }: KeptCells,
  wanted: { readonly k: number; readonly cleanings: string; readonly lastDay: number },
): boolean =>
  // What was safe for larger groups is safe for smaller ones.
  k >= wanted.k && cleanings === wanted.cleanings && cells.lastDay === wanted.lastDay;

/** Changes with the members of a file. */
const FORMAT = 2;

/** Files that were written before so many days are of no use in any time zone. */
const STALE_MS = 3 * DAY_MS;

/** The files of the folder that may still be of use, by what they are about. */
export function readCellsFolder(folder: string): KeptCells[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    return parseCells(readFileSync(join(folder, name), 'utf8')) ?? [];
  });
}

/** Opens the folder of public cells, and removes those of earlier days. */
export async function openCellsFiles(
  folder: string,
  nowMs: number,
  checkFolder: CheckFolder = anyFolder,
): Promise<CellsFiles> {
  makeFolders(folder, 0o700);
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if ((await stat(path)).mtimeMs < nowMs - STALE_MS) await rm(path);
  }
  const pathOf = (project: string, dimension: string): string => {
    const name = createHash('sha256')
      .update(JSON.stringify([project, dimension]))
      .digest('hex');
    return join(folder, `${name.slice(0, 32)}.json`);
  };
  return {
    read: async (project, dimension) => {
      const text = await readText(pathOf(project, dimension));
      const kept = text === undefined ? undefined : parseCells(text);
      return kept?.project === project && kept.dimension === dimension ? kept : undefined;
    },
    write: async (kept) => {
      await checkFolder();
      await writeDurably(pathOf(kept.project, kept.dimension), JSON.stringify(toStoredCells(kept)));
      return kept.cells;
    },
  };
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** As in a file: windows follow from the last day, and an `Int32Array` is a list. */
interface StoredCells extends Omit<KeptCells, 'cells'> {
  readonly format: number;
  readonly lastDay: number;
  readonly madeAt: string;
  readonly totals: readonly number[];
  readonly groups: readonly { readonly group: string; readonly counts: readonly number[] }[];
  /** The indexes of windows where the count of the only named value is a lower bound. */
  readonly short: readonly number[];
}

/** Writes cells as JSON has them. */
export function toStoredCells({ cells, ...circumstances }: KeptCells): object {
  const { lastDay, madeAt, totals, groups, isShort } = cells;
  return {
    ...{ format: FORMAT, ...circumstances, lastDay, madeAt: madeAt.toISOString(), totals },
    groups: groups.map(({ group, counts }) => ({ group, counts: [...counts] })),
    short: isShort.flatMap((is, at) => (is ? [at] : [])),
  } satisfies StoredCells;
}

function parseCells(text: string): KeptCells | undefined {
  try {
    return fromStoredCells(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Reads what {@link toStoredCells} has written; `undefined` for what another release has. */
export function fromStoredCells(value: unknown): KeptCells | undefined {
  const stored = value as StoredCells; // only this file writes them, and each whole or not at all
  if (stored.format !== FORMAT) return undefined;
  const { project, dimension, k, cleanings, lastDay, madeAt, totals, groups, short } = stored;
  const windows = windowsUpTo(lastDay);
  const cells = {
    ...{ lastDay, madeAt: new Date(madeAt), windows, totals, k },
    isShort: windows.map((_, at) => short.includes(at)),
    groups: groups.map(({ group, counts }) => ({ group, counts: Int32Array.from(counts) })),
  };
  return { project, dimension, k, cleanings, cells };
}
