import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openRaw, type RawConnection } from '../support/raw-connection.js';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';

const HEARTBEAT_MS = 15_000;

// What comes every 15 seconds comes when the test says so; everything else takes its time.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

/** A listener of a collector in Tokyo that has one person of today, at 23:59:50 there. */
async function listenBeforeMidnight() {
  let now = new Date('2026-11-22T14:59:50Z');
  const collector = await startCollector({ timezone: 'Asia/Tokyo', now: () => now });
  await collector.post('/v1/reports', fullReport({ timestamp: now.toISOString() }));
  const raw = await openRaw(await collector.app.listen({ port: 0, host: '127.0.0.1' }));
  raw.write('GET /v1/stats/live HTTP/1.1\r\nHost: a\r\n\r\n');
  await until('it has begun', () => activeToday(raw).length === 1);
  return { ...collector, raw, setClock: (at: string) => void (now = new Date(at)) };
}

/** The people active today in the events so far. */
const activeToday = (raw: RawConnection): number[] =>
  [...raw.received().matchAll(/^data: .*"daily_active_users":(\d+),/gm)].map(([, n]) => Number(n));

const beats = (raw: RawConnection): number => raw.received().split(': still here\n\n').length - 1;

it('says every 15 seconds that it is there, and nothing else while nothing changes', async () => {
  const { raw, setClock } = await listenBeforeMidnight();
  expect(beats(raw)).toBe(0);
  vi.advanceTimersByTime(HEARTBEAT_MS);
  await until('it is there', () => beats(raw) === 1);
  setClock('2026-11-22T14:59:59.999Z');
  vi.advanceTimersByTime(3 * HEARTBEAT_MS);
  await until('it is still there', () => beats(raw) === 4);
  expect(activeToday(raw)).toEqual([1]);
});

it('begins the new day without a report, in the zone of the project', async () => {
  const { raw, setClock } = await listenBeforeMidnight();
  setClock('2026-11-22T15:00:05Z');
  vi.advanceTimersByTime(HEARTBEAT_MS);
  await until('it is another day', () => activeToday(raw).length === 2);
  expect(activeToday(raw)).toEqual([1, 0]);
  expect(raw.received()).toContain('"weekly_active_users":1,');
  expect(raw.received()).toMatch(/^id: 2026-11-22T15:00:05\.000Z$/m);
});

it('counts the reports of the new day as they come', async () => {
  const { raw, setClock, ...collector } = await listenBeforeMidnight();
  setClock('2026-11-22T15:00:05Z');
  await collector.post(
    '/v1/reports',
    fullReport({ anonymous_id: 'bob', timestamp: '2026-11-22T15:00:01Z' }),
  );
  await until('it has changed', () => raw.received().includes('"total_users":2,'));
  expect(activeToday(raw).at(-1)).toBe(1);
});
