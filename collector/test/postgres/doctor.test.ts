import { expect, it, onTestFinished } from 'vitest';
import { startCollector } from '../support/start-collector.js';
import { startProcess } from '../support/start-process.js';
import { run } from './support/run.js';
import { startRedis } from './support/start-redis.js';
import { temporaryDatabase } from './support/temporary-database.js';
import { temporarySchema } from './support/temporary-schema.js';

/** What the doctor says of a folder. */
async function examine(data: string, env: Record<string, string>): Promise<string> {
  const { ended, stdout } = await startProcess(['doctor', '--data', data], env);
  await ended;
  return stdout();
}

it('looks at the store, the replica and the cache', async () => {
  const store = await temporarySchema();
  const redis = await startRedis(onTestFinished);
  const { data } = await startCollector();
  const env = { HEADCOUNT_STORE: store, HEADCOUNT_READ_STORE: store, HEADCOUNT_CACHE: redis.url };
  const before = await examine(data, env);
  expect(before).toMatch(
    /^ok +store: postgres:\/\/\S+.*: PostgreSQL \d+\S* .*answers within \d+ ms/m,
  );
  expect(before).toMatch(/^ok +tables: .*The first start makes them/m);
  expect(before).toMatch(/^ok +clock of store: /m);
  expect(before).toMatch(/^warn +replica: .* is no standby/m);
  expect(before).toMatch(/^ok +cache: It answers within/m);
  await startCollector({ store });
  expect(await examine(data, env)).not.toContain('tables');
}, 120_000);

it('says what cannot be reached, and shows no password', async () => {
  const { data } = await startCollector();
  const nowhere = 'postgres://somebody:swordfish@127.0.0.1:1/counts';
  const said = await examine(data, {
    ...{ HEADCOUNT_STORE: nowhere, HEADCOUNT_READ_STORE: nowhere },
    HEADCOUNT_CACHE: 'redis://:swordfish@127.0.0.1:1',
  });
  expect(said).toMatch(/^FAIL +store: .*nothing answers there/m);
  expect(said).toMatch(/^warn +replica: .*nothing answers there/m);
  expect(said).toMatch(/^warn +cache: It cannot be asked/m);
  expect(said).not.toContain('swordfish');
}, 120_000);

it('says of a server what a start would refuse', async () => {
  const { data } = await startCollector();
  const latin = await temporaryDatabase(`ENCODING LATIN1 LOCALE 'C' TEMPLATE template0`);
  expect(await examine(data, { HEADCOUNT_STORE: latin })).toMatch(/^FAIL +store: .*UTF8/m);
  const foreign = await temporarySchema();
  await run(foreign, 'CREATE TABLE users(id int)');
  expect(await examine(data, { HEADCOUNT_STORE: foreign })).toMatch(/^FAIL +store: .*users/m);
}, 120_000);
