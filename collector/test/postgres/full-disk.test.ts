import { expect, it, onTestFinished } from 'vitest';
import { mountSmallDisk } from '../support/small-disk.js';
import { startCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';
import { giveToPostgres, startCluster } from './support/cluster.js';

/** What a new cluster takes, and some room. */
const DISK_MIB = 96;

it('a disk of the store that is full stops no report, and each is counted once when it has room', async () => {
  const disk = mountSmallDisk(DISK_MIB, onTestFinished);
  giveToPostgres(disk.path);
  const cluster = await startCluster({ isDurable: true, parent: disk.path });
  onTestFinished(() => cluster.stop());
  const collector = await startCollector({ store: cluster.url });
  let sent = 0;
  const send = async (): Promise<void> => {
    const reports = Array.from({ length: 100 }, (_, n) => ({
      anonymous_id: `user-${sent + n}`,
      timestamp: '2026-11-22T20:00:00.000Z',
      project: 'acme',
      info: { os: 'Linux', version: '1.0.0' },
    }));
    expect((await collector.post('/v1/reports', { reports })).status).toBe(202);
    sent += reports.length;
  };
  const untilCounted = (): Promise<void> =>
    until('all is counted', async () => {
      const { body } = await collector.get('/v1/stats/summary?project=acme');
      return body['total_reports'] === sent;
    });
  await send();
  await untilCounted();

  // The second time, nothing is left of the room that tables had.
  for (let round = 0; round < 2; round++) {
    disk.fill();
    await until('it is told', async () => {
      await send();
      return (await collector.get('/health')).status === 503;
    });
    const { body } = await collector.get('/health');
    expect(body['services']).toMatchObject({ journal: 'ok', counting: 'error' });
    expect(collector.log()).toContain('its disk is full');
    expect((await collector.get('/readyz')).status).toBe(200);
    await send();

    disk.makeRoom();
    // A server that could not write its log has ended.
    await cluster.resume();
    await untilCounted();
    await until('it is well', async () => (await collector.get('/health')).status === 200);
  }
  const { body } = await collector.get('/v1/stats/quality');
  expect(body).toMatchObject({ accepted: sent, duplicates: 0, uncountable: 0 });
  const summary = await collector.get('/v1/stats/summary?project=acme');
  expect(summary.body).toMatchObject({ total_users: sent, total_reports: sent });
});
