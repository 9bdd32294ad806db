import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** One of the collector's databases. */
export type DatabaseName = 'journal.db' | 'counts.db';

const ENDINGS = ['', '-wal'];

/** Copies a database as people do, by its files, in use or not; whatever is there is replaced. */
export function copyFiles(name: DatabaseName, from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  removeFiles(name, to);
  for (const ending of ENDINGS) {
    const file = join(from, `${name}${ending}`);
    if (existsSync(file)) copyFileSync(file, join(to, `${name}${ending}`));
  }
}

/** Removes a database and the files beside it. */
export function removeFiles(name: DatabaseName, folder: string): void {
  for (const ending of [...ENDINGS, '-shm'])
    rmSync(join(folder, `${name}${ending}`), { force: true });
}
