import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { startCluster } from './support/cluster.js';

const reportOf = (n: number): object => ({
  anonymous_id: `user-${n}`,
  timestamp: '2026-11-22T20:00:00.000Z',
  project: 'acme',
  info: { os: 'Linux', version: '1.0.0' },
});

const send = async (collector: TestCollector, from: number, to: number): Promise<number[]> => {
  const statuses: number[] = [];
  for (let n = from; n < to; n++) {
    const answer = await collector.app.inject({
      ...{ method: 'POST', url: '/v1/reports', payload: { reports: [reportOf(n)] } },
      remoteAddress: '192.0.2.1',
    });
    statuses.push(answer.statusCode);
  }
  return statuses;
};

const accepted = (n: number): number[] => Array.from({ length: n }, () => 202);

/** Asks until all reports are counted. */
async function untilCounted(collector: TestCollector, reports: number): Promise<unknown> {
  const end = Date.now() + 30_000;
  for (;;) {
    const { status, body } = await collector.get('/v1/stats/summary?project=acme');
    if (status === 200 && body['total_reports'] === reports) return body;
    if (Date.now() > end) return { status, body };
    await wait(100);
  }
}

it('takes reports while the database is away, and counts each of them once afterwards', async () => {
  const cluster = await startCluster({ isDurable: true });
  onTestFinished(() => cluster.stop());
  const collector = await startCollector({ store: cluster.url, newIdsLimit: 60 });
  expect(await send(collector, 0, 20)).toEqual(accepted(20));
  await untilCounted(collector, 20);

  await cluster.halt();
  expect(await send(collector, 20, 50)).toEqual(accepted(30));
  // Limits hold, and people who were seen before are not bound by them.
  expect(await send(collector, 50, 61)).toEqual([...accepted(10), 429]);
  expect(await send(collector, 0, 1)).toEqual(accepted(1));
  // One that nobody has asked before: an answer that is there already is told again.
  const { status, body } = await collector.get('/v1/stats/retention?project=acme');
  expect({ status, code: body['code'] }).toEqual({ status: 503, code: 'failing' });

  await cluster.resume();
  expect(await untilCounted(collector, 61)).toMatchObject({ total_reports: 61, total_users: 60 });
  const quality = await collector.get('/v1/stats/quality?project=acme');
  expect(quality.body).toMatchObject({ accepted: 61, duplicates: 0, uncountable: 0 });
}, 120_000);
