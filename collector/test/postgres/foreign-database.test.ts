import { describe, expect, it } from 'vitest';
import { startCollector } from '../support/start-collector.js';
import { askOne } from './support/cluster.js';
import { run } from './support/run.js';
import { moved } from './support/run-move.js';
import { temporaryDatabase } from './support/temporary-database.js';
import { temporarySchema } from './support/temporary-schema.js';

/** What is in the schema of an address, by name. */
const contents = (store: string) =>
  askOne(
    store,
    `SELECT coalesce(string_agg(relname, ' ' ORDER BY relname), '') FROM pg_class
     WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())`,
  );

/** A folder with counts. */
async function seed(): Promise<string> {
  const collector = await startCollector();
  await collector.close();
  return collector.data;
}

it('a database that is not UTF8 is refused before anything is written', async () => {
  const store = await temporaryDatabase(`ENCODING LATIN1 LOCALE 'C' TEMPLATE template0`);
  const words =
    /has the encoding LATIN1.* Nothing was written.* createdb --encoding UTF8 --template template0/;
  await expect(startCollector({ store })).rejects.toThrow(words);
  const { code, stderr } = await moved(await seed(), store);
  expect(code).toBe(1);
  expect(stderr).toMatch(words);
  expect(stderr).not.toContain('    at ');
  expect(await contents(store)).toBe('');
}, 60_000);

describe('a schema that another program uses', () => {
  it.each([
    ['its own list of steps', 'CREATE TABLE schema_migrations(version varchar PRIMARY KEY)'],
    ['a table', 'CREATE TABLE orders(); CREATE TABLE projects()'],
    ['a view', 'CREATE VIEW users AS SELECT 1 AS id'],
    ['a type', `CREATE TYPE latest AS ENUM ('a')`],
  ])('is refused as it is where names collide: %s', async (_what, sql) => {
    const store = await temporarySchema();
    await run(store, sql);
    const before = await contents(store);
    const words =
      /of another program .* CREATE SCHEMA headcount AUTHORIZATION postgres, and \?options=-c%20search_path%3Dheadcount/;
    await expect(startCollector({ store })).rejects.toThrow(words);
    expect(await contents(store)).toBe(before);
  });

  it('is refused to a move, too', async () => {
    const store = await temporarySchema();
    await run(store, 'CREATE TABLE schema_migrations(version varchar PRIMARY KEY)');
    const { code, stderr } = await moved(await seed(), store);
    expect(code).toBe(1);
    expect(stderr).toContain('of another program');
    expect(stderr).not.toMatch(/drop/i);
  });

  it('is used where no names collide', async () => {
    const store = await temporarySchema();
    await run(store, 'CREATE TABLE orders(id int); CREATE TABLE ar_internal_metadata(key varchar)');
    const collector = await startCollector({ store });
    expect((await collector.get('/readyz')).status).toBe(200);
    await collector.close();
    const again = await startCollector({ store, data: collector.data });
    expect((await again.get('/readyz')).status).toBe(200);
  });
});
