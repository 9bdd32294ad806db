import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { post } from '../support/load.js';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { type CollectorProcess, startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { holdCounting } from './support/hold-counting.js';
import { temporarySchema } from './support/temporary-schema.js';

const start = async (store: string, data: string, seconds: number): Promise<CollectorProcess> => {
  const args = ['--port', '0', '--data', data, '--drain-seconds', String(seconds)];
  const collector = await startProcess(args, { HEADCOUNT_STORE: store });
  await collector.url();
  return collector;
};

/** How many rows a query of the store finds. */
async function ask(store: string, sql: string): Promise<number> {
  const client = new pg.Client(store);
  await client.connect();
  try {
    return (await client.query(sql)).rowCount ?? NaN;
  } finally {
    await client.end();
  }
}

/** A collector with ten reports that it has acknowledged, and cannot count. */
async function startHeld(seconds: number) {
  const store = await temporarySchema();
  const data = temporaryFolder();
  const collector = await start(store, data, seconds);
  const hold = await holdCounting(store);
  onTestFinished(() => hold.letGo());
  const url = await collector.url();
  const reports = Array.from({ length: 10 }, (_, n) => fullReport({ anonymous_id: `user-${n}` }));
  expect(await post(`${url}/v1/reports`, { reports })).toBe(202);
  await hold.met();
  return { ...collector, store, data, hold };
}

const untilClosing = ({ stdout }: CollectorProcess): Promise<void> =>
  until('it closes', () => stdout().includes('"closing"'));

const LEFT = '10 entries stay in the journal';

it('counts what the journal has before it ends, and is up no more', async () => {
  const held = await startHeld(60);
  held.child.kill('SIGTERM');
  await untilClosing(held);
  expect(await ask(held.store, 'SELECT 1 FROM nodes')).toBe(1);
  await held.hold.letGo();
  expect(await held.ended).toBe(0);
  expect(held.stdout()).not.toContain('stay in the journal');
  expect(await ask(held.store, 'SELECT 1 FROM nodes')).toBe(0);
  expect(await ask(held.store, 'SELECT 1 FROM users')).toBe(10);
}, 180_000);

it('ends in time where the store does not, and counts the rest at its next start', async () => {
  const held = await startHeld(0);
  held.child.kill('SIGTERM');
  await held.ended;
  expect(held.stdout().split(LEFT)).toHaveLength(2);
  await held.hold.letGo();
  const { store, data } = held;
  const collector = await startCollector({ store, data, now: () => new Date() });
  await until('the rest is counted', async () => {
    return (await collector.get('/v1/stats/quality')).body['accepted'] === 10;
  });
}, 180_000);

it('ends at once at a second signal', async () => {
  const held = await startHeld(3600);
  held.child.kill('SIGTERM');
  await untilClosing(held);
  held.child.kill('SIGINT');
  expect(await held.ended).toBe('SIGINT');
}, 180_000);
