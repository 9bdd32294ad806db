import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openWriter } from '../../src/sqlite/database.js';

const read = (name: string): string =>
  readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');

type Record = Readonly<{ [name: string]: unknown }>;

/** What the release that wrote {@link createCountsV4} answered once it had counted its journal. */
export const ANSWERS_V4 = JSON.parse(read('counts-v4.json')) as {
  /** `GET /v1/stats/summary`, by project. */
  readonly stats: { readonly [project: string]: Record };
  /** `GET /v1/users/…?project=acme-cli`, by ID. */
  readonly users: { readonly [id: string]: Record };
};

/** The moment of its last entry. */
export const NOW_V4 = new Date('2026-11-19T12:00:02.000Z');

/**
 * Fills a data folder as the collector of commit ff0b59b left it when it was killed: its counts have
 * schema 4, which knows no owners, and the journal has three reports and a deletion to be counted.
 */
export function createCountsV4(data: string): void {
  for (const name of ['counts', 'journal']) {
    const db = openWriter(join(data, `${name}.db`), { walPages: 1000 });
    db.exec(read(`${name}-v4.sql`));
    db.close();
  }
  writeFileSync(join(data, 'pepper'), Buffer.alloc(32, 7));
}
