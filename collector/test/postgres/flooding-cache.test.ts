import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { peakMegabytes } from '../support/memory.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { keepWell, startFakeRedis } from './support/start-fake-redis.js';
import { startNodes } from './support/start-nodes.js';
import { temporarySchema } from './support/temporary-schema.js';

/** What is sent first, and what then without an end. */
const FLOODS = [
  ['a value', '$1000000000\r\n', 'x'],
  ['an error', '-ERR ', 'x'],
  ['a number', '(', '9'],
  ['lists in lists', '', '*32000000\r\n'],
] as const;

/** What a process grows by while it answers questions, and no more. */
const MAX_GROWN_MEGABYTES = 100;

it('a cache that pours out bytes takes no memory of a collector, and changes no answer', async () => {
  const store = await temporarySchema();
  const redis = await startFakeRedis(onTestFinished);
  const [alone] = await startNodes([{ store, now: () => new Date() }]);
  if (!alone) throw new Error('There is one.');
  const report = { anonymous_id: 'ann', timestamp: new Date().toISOString(), project: 'acme' };
  const reports = [{ ...report, info: { os: 'Linux', version: '1.0.0' } }];
  expect((await alone.post('/v1/reports', { reports })).status).toBe(202);
  // Asked where it was sent, it is counted.
  await alone.get('/v1/stats/summary');
  const data = temporaryFolder();
  copyFileSync(join(alone.data, 'pepper'), join(data, 'pepper'));
  const { child, url } = await startProcess(['--port', '0', '--data', data], {
    HEADCOUNT_STORE: store,
    HEADCOUNT_CACHE: redis.url,
    HEADCOUNT_STATS_RATE_LIMIT: '0',
  });
  const base = await url();

  let asked = 0;
  /** Asks what nobody has asked before, and expects what a collector without a cache says. */
  const ask = async (): Promise<void> => {
    const from = new Date(Date.now() - ++asked * 86_400_000).toISOString().slice(0, 10);
    const question = `/v1/stats/timeseries?project=acme&from=${from}`;
    const response = await fetch(base + question, { headers: withToken() });
    expect(figuresOf(await response.text())).toEqual(figuresOf((await alone.get(question)).text));
  };
  const askCache = async (): Promise<void> => {
    const before = redis.commands.length;
    await until('the cache is asked', async () => {
      await ask();
      return redis.commands.length > before;
    });
  };

  /** Lets the collector find that the cache is well, so that it is not left alone for longer and longer. */
  const trust = async (): Promise<void> => {
    redis.behave(keepWell());
    await askCache();
  };

  await trust();
  const before = peakMegabytes(child.pid);
  const expectNoMore = (what: string): void => {
    expect(peakMegabytes(child.pid) - before, what).toBeLessThan(MAX_GROWN_MEGABYTES);
  };
  for (const [what, first, further] of FLOODS) {
    let flood: Promise<void> | undefined;
    redis.behave(() => {
      flood ??= redis.pour(first, further);
    });
    await askCache();
    await flood;
    expectNoMore(what);
    await trust();
  }
  // While nobody asks.
  await redis.pour('', '>1\r\n+x\r\n');
  expectNoMore('notices');
  await ask();
}, 180_000);

function figuresOf(text: string): unknown {
  const answer = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return { ...answer, as_of: undefined };
}
