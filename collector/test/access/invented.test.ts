import { describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, withToken } from '../support/admin-token.js';
import { fullReport } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';

const mark = (collector: TestCollector, settings: object) =>
  collector.app.inject({
    ...{ method: 'PUT', url: '/v1/projects/acme-cli', payload: settings },
    headers: withToken(ADMIN_TOKEN),
  });

const QUESTIONS = ['summary?', 'timeseries?', 'growth?', 'adoption?', 'breakdown?dimension=os&'];

describe('the mark of invented data', () => {
  it('is in every answer that the public may see, at every level', async () => {
    const collector = await startCollector();
    const answer = await mark(collector, { invented: true, visibility: 'detailed' });
    expect(answer.json()).toMatchObject({ invented: true });
    for (const question of QUESTIONS) {
      const url = `/v1/stats/${question}project=acme-cli`;
      const asks = [
        (asked: string) => collector.get(asked),
        (asked: string) => collector.stranger(asked),
      ];
      for (const ask of asks) {
        expect([question, (await ask(url)).body['invented']]).toEqual([question, true]);
        const { headers } = await ask(`${url}&format=csv`);
        expect([question, headers['headcount-invented']]).toEqual([question, 'true']);
      }
    }
    expect((await collector.stranger('/stats?project=acme-cli')).body).toMatchObject({
      invented: true,
    });
  });

  it('is shown where the public sees the summary alone', async () => {
    const collector = await startCollector();
    await mark(collector, { invented: true, visibility: 'summary' });
    const { body } = await collector.stranger('/v1/stats/summary?project=acme-cli');
    expect(body).toMatchObject({ invented: true });
  });

  it('stays when real reports come, which are counted, until it is taken away', async () => {
    const collector = await startCollector();
    await mark(collector, { invented: true });
    const ask = async () => (await collector.get('/v1/stats/summary?project=acme-cli')).body;
    expect((await collector.post('/v1/reports', fullReport())).status).toBe(202);
    expect(await ask()).toMatchObject({ invented: true, total_users: 1 });
    await mark(collector, { timezone: 'Europe/Berlin' });
    expect(await ask()).toMatchObject({ invented: true });
    await mark(collector, { invented: false });
    expect(await ask()).toMatchObject({ total_users: 1 });
    expect(await ask()).not.toHaveProperty('invented');
  });

  it('is missing where nobody has set it', async () => {
    const collector = await startCollector();
    await collector.post('/v1/reports', fullReport());
    const { body } = await collector.get('/v1/stats/summary?project=acme-cli');
    expect(body).not.toHaveProperty('invented');
    expect((await collector.get('/v1/stats/summary')).body).not.toHaveProperty('invented');
  });
});
