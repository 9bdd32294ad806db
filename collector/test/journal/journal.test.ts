import { describe, expect, it } from 'vitest';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';

const batch = (size: number) => ({ reports: Array.from({ length: size }, () => fullReport()) });

describe('the journal', () => {
  it('refuses with 507 what does not fit on the disk, and takes reports again when it does', async () => {
    const collector = await startCollector({ maxJournalBytes: 48 * 1024 });
    const refused = await collector.post('/v1/reports', batch(500));
    expect(refused).toMatchObject({
      status: 507,
      headers: { 'retry-after': '60' },
      body: { code: 'disk_full', status: 507 },
    });
    expect((await collector.get('/stats')).body).toMatchObject({ total_reports: 0 });
    expect((await collector.post('/v1/reports', batch(10))).status).toBe(202);
    expect((await collector.get('/stats')).body).toMatchObject({ total_reports: 10 });
  });

  it('has room again once its reports are counted', async () => {
    const collector = await startCollector({ maxJournalBytes: 128 * 1024 });
    for (let round = 0; round < 10; round++) {
      await until('there is room', async () => {
        const { status } = await collector.post('/v1/reports', batch(50));
        return status === 202;
      });
    }
    expect((await collector.get('/stats')).body).toMatchObject({ total_reports: 500 });
  });

  it('refuses with 503 what is more than may wait, without keeping any of it', async () => {
    const collector = await startCollector({ maxQueuedReports: 20 });
    expect(await collector.post('/v1/reports', batch(21))).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      body: { code: 'busy' },
    });
    expect((await collector.post('/v1/reports', batch(20))).status).toBe(202);
    expect((await collector.get('/stats')).body).toMatchObject({ total_reports: 20 });
  });

  it('keeps its reports through a restart, and counts each once', async () => {
    const first = await startCollector();
    const report = fullReport();
    await first.post('/v1/reports', report);
    await first.close();
    const second = await startCollector({ data: first.data });
    await second.post('/v1/reports', report);
    await second.post('/v1/reports', fullReport());
    expect((await second.get('/stats')).body).toMatchObject({ total_reports: 2, total_users: 1 });
  });
});
