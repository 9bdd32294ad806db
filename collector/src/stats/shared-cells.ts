import { DAY_MS } from '../rules/day.js';
import type { SharedStore } from '../store/shared-store.js';
import {
  type CellsFiles,
  fromStoredCells,
  type KeptCells,
  readCellsFolder,
  toStoredCells,
  willDo,
} from './cells-files.js';

const KIND = 'public-cells';

/** Cells that were kept so long ago are of no use in any time zone. */
const STALE_MS = 3 * DAY_MS;

/**
 * Opens what the public was shown last, which nodes share: two of them must not show two different
 * answers of one day, which could be subtracted.
 *
 * @param folder - Where this node has kept them before they were shared.
 */
export async function openSharedCells(store: SharedStore, folder: string): Promise<CellsFiles> {
  await store.drop(KIND, STALE_MS);
  const write = async (kept: KeptCells) => {
    const { k, cleanings, cells } = kept;
    const wanted = { k, cleanings, lastDay: cells.lastDay };
    const isEnough = (standing: unknown): boolean => {
      const found = fromStoredCells(standing);
      return found !== undefined && willDo(found, wanted);
    };
    const name = nameOf(kept.project, kept.dimension, cells.lastDay);
    const standing = await store.settle(KIND, name, toStoredCells(kept), isEnough);
    return fromStoredCells(standing)?.cells ?? cells;
  };
  // Those that another node has shown meanwhile stay.
  for (const kept of readCellsFolder(folder)) await write(kept);
  return {
    read: async (project, dimension, lastDay) =>
      fromStoredCells((await store.find(KIND, nameOf(project, dimension, lastDay))) ?? {}),
    write,
  };
}

const nameOf = (project: string, dimension: string, lastDay: number): string =>
  JSON.stringify([project, dimension, lastDay]);
