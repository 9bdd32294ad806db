import { DAY_MS } from '../rules/day.js';
import type { SharedBeginning, SharedStore } from '../store/shared-store.js';
import {
  type CellsFiles,
  fromStoredCells,
  type KeptCells,
  toStoredCells,
  willDo,
} from './cells-files.js';

const KIND = 'public-cells';

/** Cells that were kept so long ago are of no use in any time zone. */
const STALE_MS = 3 * DAY_MS;

/**
 * Opens what the public was shown last, which nodes share: two of them must not show two different
 * answers of one day, which could be subtracted.
 */
export async function openSharedCells(store: SharedStore): Promise<CellsFiles> {
  await store.drop(KIND, STALE_MS);
  return {
    read: async (project, dimension, lastDay) =>
      fromStoredCells((await store.find(KIND, nameOf(project, dimension, lastDay))) ?? {}),
    write: async (kept) => {
      const { k, cleanings, cells } = kept;
      const wanted = { k, cleanings, lastDay: cells.lastDay };
      const isEnough = (standing: unknown): boolean => {
        const found = fromStoredCells(standing);
        return found !== undefined && willDo(found, wanted);
      };
      const value = toStoredCells(kept);
      const standing = await store.settle(KIND, nameOfCells(kept), value, isEnough);
      return fromStoredCells(standing)?.cells ?? cells;
    },
  };
}

/** Cells as documents that nodes share. */
export const toSharedCells = (all: readonly KeptCells[]): SharedBeginning['documents'] => ({
  [KIND]: new Map(all.map((kept) => [nameOfCells(kept), toStoredCells(kept)])),
});

/** Of shared cells, those of the last day of each project and dimension. */
export function lastCellsOf({ documents }: SharedBeginning): readonly KeptCells[] {
  const last = new Map<string, KeptCells>();
  for (const value of documents[KIND]?.values() ?? []) {
    const kept = fromStoredCells(value);
    if (kept === undefined) continue;
    const name = JSON.stringify([kept.project, kept.dimension]);
    const known = last.get(name);
    if (known === undefined || known.cells.lastDay < kept.cells.lastDay) last.set(name, kept);
  }
  return [...last.values()];
}

const nameOfCells = ({ project, dimension, cells }: KeptCells): string =>
  nameOf(project, dimension, cells.lastDay);

const nameOf = (project: string, dimension: string, lastDay: number): string =>
  JSON.stringify([project, dimension, lastDay]);
