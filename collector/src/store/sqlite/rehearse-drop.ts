import { openBystander } from '../../sqlite/database.js';
import type { Dropped, DropSlice } from '../store.js';
import { createDrop } from './drop-rows.js';
import { createGivenUpTable } from './given-up-table.js';
import { createKeptDaysTable } from './kept-days-table.js';
import { createRecentTable } from './recent-table.js';
import { createRollupsTables } from './rollups-tables.js';
import { createUsersTable } from './users-table.js';

/** Counts what a drop would take from `counts.db`, in use or not. It cannot write. */
export function openDropRehearsal(path: string): {
  drop(slice: DropSlice): Dropped;
  close(): void;
} {
  const db = openBystander(path);
  const { resolve } = createGivenUpTable(db);
  const drop = createDrop({
    db,
    resolve,
    users: createUsersTable(db, resolve),
    rollups: createRollupsTables(db),
    recent: createRecentTable(db),
    keptDays: createKeptDaysTable(db),
  });
  return { drop: (slice) => drop({ ...slice, isDry: true }), close: () => db.close() };
}
