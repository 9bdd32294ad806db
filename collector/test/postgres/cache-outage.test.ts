import { expect, it, onTestFinished } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { freePort } from '../support/free-port.js';
import type { TestCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';
import { startNodes } from './support/start-nodes.js';
import { startRedis } from './support/start-redis.js';
import { startCable } from './support/start-cable.js';
import { temporarySchema } from './support/temporary-schema.js';

const START = Date.parse('2026-11-22T21:00:00.000Z');

/** An account with what the manual says that it needs. */
const ACCOUNT = ['--user', 'collector', 'on', '>right', '~headcount:*', '+getrange', '+set'];

it('a cache that is slow, full, refusing or away changes no answer, is told of, and helps again later', async () => {
  let passedMs = 0;
  const store = await temporarySchema();
  const redis = await startRedis(onTestFinished, ACCOUNT);
  const cable = await startCable(redis.port, onTestFinished);
  const options = {
    ...{ store, now: () => new Date(START + passedMs), checkJobsEveryMs: 2 ** 30 },
    ...{ monotonicMs: () => performance.now() + passedMs, checkHealthEveryMs: 2 ** 30 },
  };
  const cache = `redis://collector:right@127.0.0.1:${cable.port}`;
  const [node, alone] = await startNodes([{ ...options, cache, cacheWaitMs: 3000 }, options]);
  if (!node || !alone) throw new Error('There are two.');
  const report = { anonymous_id: 'ann', timestamp: '2026-11-22T20:00:00.000Z', project: 'acme' };
  const reports = [{ ...report, info: { os: 'Linux', version: '1.0.0' } }];
  expect((await node.post('/v1/reports', { reports })).status).toBe(202);
  let asked = 0;
  /** Asks what is not asked before, and expects what a collector without a cache says. */
  const ask = async (questions: number): Promise<void> => {
    for (let n = 0; n < questions; n++) {
      const url = `/v1/stats/timeseries?project=acme&from=${dateBefore(asked++)}&to=2026-11-22`;
      const [{ status, text }, expected] = [await node.get(url), await alone.get(url)];
      expect({ status, text }).toEqual({ status: 200, text: expected.text });
    }
  };
  const pass = (ms: number): void => void (passedMs += ms);
  await ask(1);
  await until('the answer is kept', async () => (await redis.all()).size === 1);

  cable.cut();
  await ask(5);
  expect(await failures(node, pass)).toMatchObject({ slow: 1 });
  pass(61_000);
  expect(await warnings(node)).toContain('cache');
  cable.mend();
  pass(61_000);
  await until('the cache helps again', async () => !(await warnings(node)).includes('cache'));
  await ask(1);
  await until('an answer is kept', async () => (await redis.all()).size > 0);

  await redis.send('CONFIG', 'SET', 'maxmemory', '1');
  await ask(3);
  await until('it is told that it is full', async () => 'refused' in (await failures(node, pass)));
  await redis.send('CONFIG', 'SET', 'maxmemory', '0');

  /** Asks until it is told once more that the cache was no help. */
  const askInVain = async (reason: string): Promise<void> => {
    const count = async (): Promise<number> => (await failures(node, pass))[reason] ?? 0;
    const before = await count();
    await until(`it is told once more: ${reason}`, async () => {
      pass(61_000);
      await ask(1);
      return (await count()) > before;
    });
  };
  // Of a primary that is away.
  await redis.send('REPLICAOF', '127.0.0.1', String(await freePort()));
  for (const serves of ['yes', 'no']) {
    await redis.send('CONFIG', 'SET', 'replica-serve-stale-data', serves);
    await askInVain('refused');
  }
  await redis.send('REPLICAOF', 'NO', 'ONE');

  await redis.send('ACL', 'SETUSER', 'collector', 'resetpass', '>another');
  await redis.send('CLIENT', 'KILL', 'USER', 'collector');
  // Once for the connection that is lost, and once for the password.
  for (let n = 0; n < 2; n++) await askInVain('down');
  await redis.send('ACL', 'SETUSER', 'collector', 'resetpass', '>right');
  await redis.send('FLUSHALL');
  await until('an answer is kept', async () => {
    pass(61_000);
    await ask(1);
    return (await redis.all()).size > 0;
  });

  await redis.halt();
  const before = cable.connections();
  await ask(10);
  await until('it is told that it is away', async () => 'down' in (await failures(node, pass)));
  // The pauses after failures grow: 1, 2, 4, 8 seconds and so on.
  expect(cable.connections() - before).toBeLessThanOrEqual(6);
  await redis.resume();
  pass(61_000);
  await until('the cache helps again', async () => !(await warnings(node)).includes('cache'));
  await ask(1);
  await until('an answer is kept', async () => (await redis.all()).size > 0);
}, 180_000);

it('a collector starts without its cache', async () => {
  const redis = await startRedis(onTestFinished);
  await redis.halt();
  const [node] = await startNodes([{ store: await temporarySchema(), cache: redis.url }]);
  expect((await node?.get('/v1/stats/summary'))?.status).toBe(200);
});

const dateBefore = (days: number): string =>
  new Date(START - (days + 1) * 86_400_000).toISOString().slice(0, 10);

async function failures(
  node: TestCollector,
  pass: (ms: number) => void,
): Promise<Record<string, number>> {
  // The same figures are told again for two seconds.
  pass(2000);
  const { text } = await node.get('/metrics', withToken());
  const found = text.matchAll(/^headcount_cache_failures_total\{reason="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...found].map(([, reason = '', n]) => [reason, Number(n)]));
}

async function warnings(node: TestCollector): Promise<unknown[]> {
  const { status, body } = await node.get('/health');
  expect(status).toBe(200);
  const told = body['warnings'] as Record<string, { readonly state: string }>;
  return Object.keys(told).filter((name) => told[name]?.state !== 'ok');
}
