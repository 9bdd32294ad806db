import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openWriter } from '../../src/sqlite/database.js';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';

describe('counting', () => {
  it('makes up for an outage of the store, during which reports are taken and questions answered', async () => {
    const collector = await startCollector({ now: () => new Date() });
    const outage = openWriter(join(collector.data, 'counts.db'), { walPages: 1000 });
    onTestFinished(() => outage.close());
    outage.exec('BEGIN IMMEDIATE');

    const report = fullReport({ timestamp: new Date().toISOString() });
    expect((await collector.post('/v1/reports', report)).status).toBe(202);
    const acknowledgedAt = new Date().toISOString();
    const during = (await collector.get('/stats')).body;
    expect(during).toMatchObject({ total_reports: 0 });
    // What was acknowledged before `as_of` is counted, and this report is not.
    expect(String(during['as_of']) <= acknowledgedAt).toBe(true);
    expect(collector.log()).toContain('counting failed');

    outage.exec('ROLLBACK');
    await until('the report is counted', async () => {
      return (await collector.get('/stats')).body['total_reports'] === 1;
    });
    expect((await collector.post('/v1/reports', report)).status).toBe(202);
    expect((await collector.get('/stats')).body).toMatchObject({ total_reports: 1 });
  });
});
