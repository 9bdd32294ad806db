import { readFile } from 'node:fs/promises';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { hasCode } from '../has-code.js';
import { writeDurably } from '../write-durably.js';

const fileSchema = Compile(
  Type.Object({ version: Type.Literal(1), taken_at: Type.Array(Type.Integer()) }),
);

/** The moments of the last backups, oldest first, in milliseconds since 1970. */
export type LastBackups = readonly number[];

const KEPT = 5;

/** Reads when the last backups of a data folder were made, by jobs and by hand. */
export async function readLastBackups(path: string): Promise<LastBackups> {
  try {
    const file: unknown = JSON.parse(await readFile(path, 'utf8'));
    return fileSchema.Check(file) ? file.taken_at : [];
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Adds a backup to the last ones. */
export async function noteBackup(path: string, takenAt: number): Promise<void> {
  const taken_at = [...(await readLastBackups(path)), takenAt].slice(-KEPT);
  await writeDurably(path, `${JSON.stringify({ version: 1, taken_at })}\n`);
}
