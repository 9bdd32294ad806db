import { describe, expect, it } from 'vitest';
import { entry, folderWithEntries } from '../support/journal-entries.js';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';

describe('an entry that cannot be counted', () => {
  it('is set aside and told of; those before and behind it are counted', async () => {
    const data = await folderWithEntries([
      entry({}),
      entry({ uid: 7 }),
      entry({ uid: Buffer.alloc(16, 2).toString('base64') }),
    ]);
    const collector = await startCollector({ data });
    await until('all is counted', async () => {
      return (await collector.get('/stats')).body['total_reports'] === 2;
    });
    expect((await collector.get('/v1/stats/quality')).body).toMatchObject({ uncountable: 1 });
    expect(collector.log()).toContain('counting failed');
    expect((await collector.post('/v1/reports', fullReport())).status).toBe(202);
    expect((await collector.get('/stats')).body).toMatchObject({ total_reports: 3 });
  });

  it.each(['{', 'null', entry({ receivedAt: 'now' })])(
    'holds up no start, though it is the first: %s',
    async (body) => {
      const data = await folderWithEntries([body, body, entry({})]);
      const collector = await startCollector({ data });
      await until('all is counted', async () => {
        return (await collector.get('/v1/stats/quality')).body['uncountable'] === 2;
      });
      expect((await collector.get('/stats')).body).toMatchObject({ total_reports: 1 });
    },
  );

  it('stays for the release that wrote it, where that is a newer one', async () => {
    const data = await folderWithEntries([entry({}), entry({ format: 99 })]);
    const collector = await startCollector({ data });
    await until('it is tried', () => collector.log().includes('counting failed'));
    const { body } = await collector.get('/stats');
    expect(body).toMatchObject({ total_reports: 0, as_of: '2026-11-22T20:00:00.000Z' });
  });
});

describe('losses', () => {
  it('are believed of a user as far as is plausible, and the rest is told apart', async () => {
    const collector = await startCollector();
    const reports = ['ada', 'bob', 'eve'].map((anonymous_id) =>
      fullReport({ anonymous_id, lost_total: Number.MAX_SAFE_INTEGER }),
    );
    await collector.post('/v1/reports', { reports });
    expect((await collector.get('/v1/stats/summary')).body).toMatchObject({
      total_users: 3,
      reports_lost: 300,
    });
    // A user claims a million at most, so that the sum stays a safe integer.
    expect((await collector.get('/v1/stats/quality')).body).toMatchObject({
      lost_estimate: 300,
      lost_cut: 2_999_700,
    });
  });
});
