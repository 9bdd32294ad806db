import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openReader } from '../../src/sqlite/database.js';
import { until } from './until.js';

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

/** Waits until the journal of a collector has removed what is counted. */
export async function journalEmpty(data: string): Promise<void> {
  const db = openReader(join(data, 'journal.db'));
  const count = db.prepare<{ n: number }>('SELECT count(*) AS n FROM entries');
  try {
    await until('the journal is empty', () => count.get()?.n === 0);
  } finally {
    db.close();
  }
}

/** Removes a database and the files beside it. */
export function removeFiles(name: DatabaseName, folder: string): void {
  for (const ending of [...ENDINGS, '-shm'])
    rmSync(join(folder, `${name}${ending}`), { force: true });
}
