import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
  bringUpToDate,
  NoRoomError,
  type SchemaChange,
  type SchemaChangeOptions,
} from './bring-up-to-date.js';
import { copyDatabase, openBystander } from './database.js';
import { isFull } from './failure.js';
import { pendingMigrations, type Schema } from './migrate.js';

/**
 * Brings the schema of a copy of a database up to date, in the system's folder for temporary
 * files, and removes the copy. The database is only read; it may be in use.
 *
 * @returns What `bringUpToDate()` would do.
 * @throws What `bringUpToDate()` would throw.
 */
export function rehearse(
  path: string,
  schema: Schema,
  options: SchemaChangeOptions,
): SchemaChange | null {
  if (!existsSync(path) || !hasPending(path, schema)) return null;
  const folder = mkdtempSync(join(tmpdir(), 'headcount-rehearsal-'));
  try {
    const copy = join(folder, basename(path));
    copyToRehearse(path, copy);
    const change = bringUpToDate(copy, schema, options);
    return change && { ...change, bytesBefore: statSync(path).size };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function copyToRehearse(path: string, copy: string): void {
  try {
    copyDatabase(path, copy);
  } catch (cause) {
    if (!isFull(cause)) throw cause;
    throw new NoRoomError(
      `A copy of ${path} has no room in ${tmpdir()}. Set TMPDIR to a folder with more room.`,
      { cause },
    );
  }
}

function hasPending(path: string, schema: Schema): boolean {
  const db = openBystander(path);
  try {
    return pendingMigrations(db, schema).length > 0;
  } finally {
    db.close();
  }
}
