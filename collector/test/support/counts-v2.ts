import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openWriter } from '../../src/sqlite/database.js';

const read = (name: string): string =>
  readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');

/** What a release answered, by project; the empty name is all. */
export type Answers = Readonly<
  Record<
    string,
    {
      readonly total_users: number;
      readonly ci_users: number;
      readonly total_reports: number;
      readonly os: Readonly<Record<string, number>>;
      readonly version: Readonly<Record<string, number>>;
      readonly quality: Readonly<Record<string, number | undefined>>;
      /** A day, how many were active on it, and how many in the week up to it. */
      readonly days: readonly (readonly [number, number, number])[];
    }
  >
>;

/** What the release that wrote {@link createCountsV2} answered from it. */
export const ANSWERS_V2 = JSON.parse(read('counts-v2.json')) as Answers;

/** The journal as it was before it had a schema of its own. */
const JOURNAL = `
  CREATE TABLE entries(position INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL);
  CREATE TABLE identity(one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL);
  CREATE TABLE touched(one INTEGER PRIMARY KEY CHECK (one = 1), value INTEGER NOT NULL);
  INSERT INTO identity VALUES (1, '0123456789abcdef');`;

/**
 * Fills a data folder as the collector of commit 07ee081 left it, whose counts had schema 2.
 *
 * @param more - Users beside those of the fixture.
 * @returns The path of its counts.
 */
export function createCountsV2(data: string, more = 0): string {
  const path = join(data, 'counts.db');
  const db = openWriter(path, { walPages: 1000 });
  db.exec(read('counts-v2.sql'));
  db.exec(`
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${more})
    INSERT INTO users SELECT 2, randomblob(16), 1792400400000, 1794301200000, 20767,
      random() | 1, 7, 8, 3, 0, 'machine', 1 FROM n WHERE ${more} > 0`);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  const journal = openWriter(join(data, 'journal.db'), { walPages: 1000 });
  journal.exec(JOURNAL);
  journal.close();
  writeFileSync(join(data, 'pepper'), Buffer.alloc(32, 7));
  return path;
}
