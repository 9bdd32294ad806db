import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DigestNotice } from '../../src/notices/notice.js';
import { DEFAULT_RETENTION } from '../../src/rules/retention-classes.js';
import { NOTICE_TIMES } from '../../src/notices/notice-times.js';
import { ADMIN_TOKEN, withToken } from '../support/admin-token.js';
import { reportVisits, type Visit } from '../support/report-visits.js';
import { seedDays } from '../support/seed-days.js';
import { NOW, startCollector } from '../support/start-collector.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { startReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';

const FAST = { ...NOTICE_TIMES, gatherMs: 5, restMs: 5, firstRetryMs: 10, settleMs: 0 };

const digestsOf = ({ received }: WebhookReceiver): readonly DigestNotice[] =>
  received.map(({ body }) => body as unknown as DigestNotice);

/** A collector that believes to be at a moment which the test sets. */
async function start(data: string, clock: { at: string }, receiver: WebhookReceiver) {
  return startCollector({
    ...{ data, digestWebhook: [receiver.url], noticeTimes: FAST, checkJobsEveryMs: 20 },
    ...{ timezone: 'Europe/Berlin', now: () => new Date(clock.at) },
  });
}

/** Waits until it has noted the day for which no digest is made any more. */
async function hasLooked(data: string, date: string): Promise<void> {
  const path = join(data, 'outbox.json');
  await until('it has looked', () => existsSync(path) && readFileSync(path, 'utf8').includes(date));
}

const visits = (users: number, from: number, at: string, more: Partial<Visit> = {}): Visit[] =>
  Array.from({ length: users }, (_, n) => ({ user: `user-${from + n}`, at, ...more }));

describe('the digest of the week', () => {
  it('comes once, at its hour in the zone of the collector, and tells counts', async () => {
    const receiver = await startReceiver();
    const data = temporaryFolder();
    // Sunday. The digest is due on Monday at 8 in Berlin, which is 7 by UTC.
    const clock = { at: '2026-11-29T20:00:00Z' };
    const collector = await start(data, clock, receiver);
    await reportVisits(collector, [
      ...visits(12, 0, '2026-11-16', { version: '1.0.0' }),
      ...visits(9, 0, '2026-11-25', { version: '1.1.0' }),
      ...visits(4, 50, '2026-11-26', { version: '9.9.9-secret' }),
      ...visits(2, 90, '2026-11-26', { project: 'other-cli' }),
    ]);
    const asking = await collector.get('/v1/stats/growth?project=acme-cli&window=7d');
    expect(asking.status).toBe(200);
    clock.at = '2026-11-30T06:59:59Z';
    await hasLooked(data, '2026-11-23');
    expect(receiver.received).toEqual([]);
    clock.at = '2026-11-30T07:00:00Z';
    await receiver.get(1);
    const [digest] = digestsOf(receiver);
    expect(digest).toMatchObject({
      ...{ version: 1, type: 'digest', date: '2026-11-30' },
      subject: 'Headcount, the week up to 2026-11-29',
    });
    const text = digest?.text ?? '';
    expect(text).toContain('acme-cli up to 2026-11-29, Europe/Berlin');
    expect(text).toContain('other-cli up to 2026-11-29');
    expect(text).toMatch(/^7 days +13 +12 +\+8 % +4 /m);
    expect(text).toMatch(/^1\.1\.0 +9 +0$/m);
    // Four people are too few to be told apart.
    expect(text).not.toContain('9.9.9-secret');
    expect(text).toMatch(/^other +4 +0$/m);
    expect(text).not.toMatch(/user-\d/);
    // What is printed is what is sent, whichever token prints it.
    const url = await collector.app.listen({ port: 0, host: '127.0.0.1' });
    const { body } = await collector.post(
      '/v1/tokens',
      { level: 'developer' },
      withToken(ADMIN_TOKEN),
    );
    const figures = (all: string): string => all.slice(all.indexOf('acme-cli up to')).trimEnd();
    for (const env of [
      { HEADCOUNT_ADMIN_TOKEN: ADMIN_TOKEN },
      { HEADCOUNT_ADMIN_TOKEN: '', HEADCOUNT_TOKEN: String(body['token']) },
    ]) {
      const command = await startProcess(['digest', '--print', '--url', url], env);
      expect([await command.ended, command.stderr()]).toEqual([0, '']);
      expect(figures(command.stdout())).toBe(figures(text));
    }
    await collector.close();
    clock.at = '2026-12-02T12:00:00Z';
    const again = await start(data, clock, receiver);
    await again.get('/health');
    await again.close();
    expect(receiver.received).toHaveLength(1);
  });

  it('is the newest alone after weeks without a collector', async () => {
    const receiver = await startReceiver();
    const data = temporaryFolder();
    const clock = { at: '2026-11-01T12:00:00Z' };
    const first = await start(data, clock, receiver);
    await reportVisits(first, visits(3, 0, '2026-10-30'));
    await hasLooked(data, '2026-10-26');
    await first.close();
    clock.at = '2026-11-27T12:00:00Z';
    const second = await start(data, clock, receiver);
    await receiver.get(1);
    clock.at = '2026-11-30T07:00:00Z';
    await receiver.get(2);
    await second.close();
    expect(digestsOf(receiver).map(({ date }) => date)).toEqual(['2026-11-23', '2026-11-30']);
  });

  it('tells of the other projects if the days of one are dropped already', async () => {
    const receiver = await startReceiver();
    const data = temporaryFolder();
    const clock = { at: NOW.toISOString() };
    await seedDays(data, NOW, { steady: 100 });
    const collector = await startCollector({
      ...{ data, digestWebhook: [receiver.url], noticeTimes: FAST, checkJobsEveryMs: 20 },
      ...{ retention: { ...DEFAULT_RETENTION, rollups: 10 }, now: () => new Date(clock.at) },
    });
    await hasLooked(data, '2026-11-16');
    await collector.jobs.runNow('retention');
    clock.at = '2026-11-23T08:00:00Z';
    await receiver.get(1);
    const [digest] = digestsOf(receiver);
    expect(digest?.text).toMatch(/^! steady: Its figures cannot be shown: .*no\s+longer kept/ms);
    expect(digest?.subject).toMatch(/: \d things? to look at$/);
  });

  it('is sent again with its key after a failure, also where nobody has reported yet', async () => {
    const receiver = await startReceiver([500, 500]);
    const data = temporaryFolder();
    const clock = { at: '2026-11-29T12:00:00Z' };
    const collector = await start(data, clock, receiver);
    await hasLooked(data, '2026-11-23');
    clock.at = '2026-11-30T07:00:00Z';
    const received = await receiver.get(3);
    await collector.close();
    expect(new Set(received.map(({ text }) => text)).size).toBe(1);
    expect(digestsOf(receiver)[0]?.text).toContain('No project has a whole day to show.');
    expect(new Set(received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });
});

it('is printed by the command as it is now, with what is wrong', async () => {
  const data = temporaryFolder();
  const collector = await startCollector({
    ...{ data, now: () => new Date() },
  });
  const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  await reportVisits(collector, visits(6, 0, day, { version: '2.0.0' }));
  const url = await collector.app.listen({ port: 0, host: '127.0.0.1' });
  const command = await startProcess(['digest', '--print', '--url', url], {
    HEADCOUNT_ADMIN_TOKEN: ADMIN_TOKEN,
  });
  expect(await command.ended).toBe(0);
  expect(command.stdout()).toContain(`Headcount, the week up to ${day}`);
  expect(command.stdout()).toMatch(/^2\.0\.0 +6 +0$/m);
  const stranger = await startProcess(['digest', '--url', url], { HEADCOUNT_ADMIN_TOKEN: '' });
  expect(await stranger.ended).toBe(1);
  expect(stranger.stderr()).toContain('a token of the level');
});
