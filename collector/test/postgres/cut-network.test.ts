import { expect, inject, it, onTestFinished } from 'vitest';
import { openReaderAt } from '../../src/store/postgres/open-postgres-store.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';
import { startCable } from './support/start-cable.js';
import { temporarySchema } from './support/temporary-schema.js';

async function send(collector: TestCollector, count: number, name: string): Promise<void> {
  const reports = Array.from({ length: count }, (_, n) => ({
    anonymous_id: `${name}-${n}`,
    timestamp: '2026-11-22T20:00:00.000Z',
    project: 'acme',
    info: { os: 'Linux', version: '1.0.0' },
  }));
  expect((await collector.post('/v1/reports', { reports })).status).toBe(202);
}

const untilReports = (collector: TestCollector, reports: number): Promise<void> =>
  until(`${reports} reports are counted`, async () => {
    const { body } = await collector.get('/v1/stats/summary?project=acme');
    return body['total_reports'] === reports;
  });

const portOfShared = (): number => Number(new URL(inject('postgresUrl')).port);

it('a network that is cut without a word stops no report, and another way is taken', async () => {
  const cable = await startCable(portOfShared(), onTestFinished);
  const direct = await temporarySchema();
  const hosts = `127.0.0.1:${cable.port},127.0.0.1:${portOfShared()}`;
  const store = direct.replace(`127.0.0.1:${portOfShared()}`, hosts);
  const collector = await startCollector({ store });
  await send(collector, 10, 'ada');
  await untilReports(collector, 10);
  cable.cut();
  await send(collector, 20, 'bob');
  // By the second host: the system would wait for the first for a quarter of an hour.
  const reader = openReaderAt(direct);
  onTestFinished(() => reader.close());
  await until('all is counted', async () => {
    return (await reader.summary({ project: 'acme', day: 0 })).totalReports === 30;
  });
  cable.mend();
  await send(collector, 5, 'eve');
  await untilReports(collector, 35);
  const { body } = await collector.get('/v1/stats/quality?project=acme');
  expect(body).toMatchObject({ accepted: 35, duplicates: 0 });
}, 180_000);

it('a replica that is cut off without a word is not waited for', async () => {
  const cable = await startCable(portOfShared(), onTestFinished);
  const store = await temporarySchema();
  const readStore = store.replace(`:${portOfShared()}/`, `:${cable.port}/`);
  const collector = await startCollector({ store, readStore });
  await send(collector, 10, 'ada');
  await untilReports(collector, 10);
  cable.cut();
  await send(collector, 20, 'bob');
  await untilReports(collector, 30);
  cable.mend();
  await send(collector, 5, 'eve');
  await untilReports(collector, 35);
}, 180_000);
