import { expect, it } from 'vitest';
import { fullReport, reportId } from '../support/reports.js';
import { NOW, startCollector } from '../support/start-collector.js';

const DAY_MS = 86_400_000;

it('a clock that jumps costs no report and counts none twice', async () => {
  let at = NOW.getTime();
  const collector = await startCollector({ now: () => new Date(at) });
  const sent: ReturnType<typeof fullReport>[] = [];
  const jumps = [
    0,
    3600_000,
    -7200_000,
    2 * DAY_MS,
    -2 * DAY_MS,
    -3000 * DAY_MS,
    3000 * DAY_MS,
    -1,
  ];
  for (const jump of jumps) {
    at += jump;
    const reports = Array.from({ length: 20 }, () =>
      fullReport({ anonymous_id: reportId(), timestamp: NOW.toISOString() }),
    );
    sent.push(...reports);
    const started = performance.now();
    expect(await collector.post('/v1/reports', { reports })).toMatchObject({ status: 202 });
    expect((await collector.get('/stats')).body).toMatchObject({ total_reports: sent.length });
    expect(performance.now() - started).toBeLessThan(5000);
    expect((await collector.get('/health')).status).toBe(200);
  }
  for (const jump of [DAY_MS, -2 * DAY_MS, DAY_MS]) {
    at += jump;
    expect(await collector.post('/v1/reports', { reports: sent })).toMatchObject({ status: 202 });
  }
  expect((await collector.get('/stats')).body).toMatchObject({
    total_reports: sent.length,
    total_users: sent.length,
  });
});
