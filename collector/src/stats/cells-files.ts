import { createHash } from 'node:crypto';
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
  /** The cells that were kept last; `undefined` if there are none, or they cannot be read. */
  read(project: string, dimension: string): Promise<KeptCells | undefined>;
  /** Resolves when the cells are on disk. */
  write(kept: KeptCells): Promise<void>;
}

/** Changes with the members of a file. */
const FORMAT = 2;

/** Files that were written before so many days are of no use in any time zone. */
const STALE_MS = 3 * DAY_MS;

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
      const kept = text === undefined ? undefined : parse(text);
      return kept?.project === project && kept.dimension === dimension ? kept : undefined;
    },
    write: async (kept) => {
      await checkFolder();
      await writeDurably(pathOf(kept.project, kept.dimension), format(kept));
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
interface Stored extends Omit<KeptCells, 'cells'> {
  readonly format: number;
  readonly lastDay: number;
  readonly madeAt: string;
  readonly totals: readonly number[];
  readonly groups: readonly { readonly group: string; readonly counts: readonly number[] }[];
  /** The indexes of windows where the count of the only named value is a lower bound. */
  readonly short: readonly number[];
}

function format({ cells, ...circumstances }: KeptCells): string {
  const { lastDay, madeAt, totals, groups, isShort } = cells;
  return JSON.stringify({
    ...{ format: FORMAT, ...circumstances, lastDay, madeAt: madeAt.toISOString(), totals },
    groups: groups.map(({ group, counts }) => ({ group, counts: [...counts] })),
    short: isShort.flatMap((is, at) => (is ? [at] : [])),
  } satisfies Stored);
}

function parse(text: string): KeptCells | undefined {
  let stored: Stored;
  try {
    // Only this file writes them, and each whole or not at all.
    stored = JSON.parse(text) as Stored;
  } catch {
    return undefined;
  }
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
