import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { hasCode } from '../has-code.js';
import { syncPath } from '../sync-path.js';

const fileSchema = Compile(
  Type.Object({ version: Type.Literal(1), taken_at: Type.Array(Type.Integer()) }),
);

/** The moments of the last backups, oldest first, in milliseconds since 1970. */
export type LastBackups = readonly number[];

const KEPT = 5;

/** Reads when the last backups of a data folder were made, by jobs and by hand. */
export function readLastBackups(path: string): LastBackups {
  try {
    const file: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return fileSchema.Check(file) ? file.taken_at : [];
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Adds a backup to the last ones. */
export function noteBackup(path: string, takenAt: number): void {
  const taken_at = [...readLastBackups(path), takenAt].slice(-KEPT);
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, `${JSON.stringify({ version: 1, taken_at })}\n`, { mode: 0o600 });
  syncPath(draft);
  renameSync(draft, path);
}
