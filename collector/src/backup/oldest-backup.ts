import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { OldestBackup } from '../erasures/erasure-keeper.js';
import { openBystander } from '../sqlite/database.js';
import { readAbout } from './backup-file.js';
import { isSealed } from './seal.js';

/** The oldest backup in a folder; `undefined` without one. */
export function oldestBackup(folder: string): OldestBackup | undefined {
  const backups = readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && isSealed(path))
    .map((path) => {
      const db = openBystander(path);
      try {
        const { takenAt, erasuresMark } = readAbout(db, path);
        return { takenAt, erasuresMark };
      } finally {
        db.close();
      }
    });
  return backups.sort((a, b) => a.takenAt - b.takenAt)[0];
}
