import { closeSync, linkSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { syncPath } from '../sync-path.js';
import { copyDatabase } from './database.js';

/** A copy of a database before a migration. */
export interface Snapshot {
  readonly path: string;
  /** Whether it was made now. If not, an equal copy existed already. */
  readonly isNew: boolean;
}

const DRAFT = '.draft';

const CHUNK_BYTES = 1024 ** 2;

/**
 * Copies a database to a file beside it, `<path>.before-<version>-<time>`, synced to the disk. It
 * never overwrites a file. Repeated attempts, as by a supervisor, leave one file.
 *
 * @param version - The version of the schema after the migration.
 */
export function takeSnapshot(path: string, version: number, takenAt: Date): Snapshot {
  removeDrafts(path);
  const time = takenAt.toISOString().replaceAll(/[-:.]/g, '');
  const snapshot = `${path}.before-${version}-${time}`;
  const draft = `${snapshot}${DRAFT}`;
  try {
    copyDatabase(path, draft);
    syncPath(draft);
    const same = siblings(path, `.before-${version}-`).find((other) => isSame(other, draft));
    if (same !== undefined) return { path: same, isNew: false };
    // Unlike a rename, a link never replaces what is there.
    linkSync(draft, snapshot);
  } finally {
    rmSync(draft, { force: true });
  }
  syncPath(dirname(path));
  return { path: snapshot, isNew: true };
}

/** Removes drafts of killed processes. */
function removeDrafts(path: string): void {
  for (const file of siblings(path, '.before-')) if (file.endsWith(DRAFT)) rmSync(file);
}

function siblings(path: string, infix: string): string[] {
  const folder = dirname(path);
  const start = `${basename(path)}${infix}`;
  return readdirSync(folder)
    .filter((name) => name.startsWith(start))
    .map((name) => join(folder, name));
}

function isSame(one: string, other: string): boolean {
  if (one === other || statSync(one).size !== statSync(other).size) return false;
  const files = [openSync(one, 'r'), openSync(other, 'r')] as const;
  try {
    const [a, b] = [Buffer.alloc(CHUNK_BYTES), Buffer.alloc(CHUNK_BYTES)];
    for (;;) {
      const length = readSync(files[0], a);
      readSync(files[1], b);
      if (length === 0) return true;
      if (!a.subarray(0, length).equals(b.subarray(0, length))) return false;
    }
  } finally {
    for (const file of files) closeSync(file);
  }
}
