import { describe, expect, it } from 'vitest';
import { ADMIN_TOKEN } from '../support/admin-token.js';
import { reportVisits } from '../support/report-visits.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';

/** The clock of the collector says 22 November 2026. */
const YESTERDAY = '2026-11-21';

async function change(collector: TestCollector, settings: object): Promise<void> {
  const { statusCode } = await collector.app.inject({
    method: 'PUT',
    url: '/v1/projects/acme-cli',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    payload: JSON.stringify(settings),
  });
  expect(statusCode).toBe(200);
}

const people = (count: number, at: string, name = 'person') =>
  Array.from({ length: count }, (_, n) => ({ user: `${name}-${n}`, at }));

const JSON_PATH = '/v1/badge.json?project=acme-cli';
const SVG_PATH = '/v1/badge.svg?project=acme-cli';

describe('the badge', () => {
  it('is off until the administrator turns it on, and gone at once when it is off again', async () => {
    const collector = await startCollector();
    await reportVisits(collector, people(12, YESTERDAY));
    for (const path of [JSON_PATH, SVG_PATH]) {
      expect(await collector.stranger(path)).toMatchObject({ status: 404 });
    }
    await change(collector, { badge: true });
    for (const path of [JSON_PATH, SVG_PATH]) {
      expect(await collector.stranger(path)).toMatchObject({ status: 200 });
    }
    await change(collector, { badge: false });
    expect(await collector.stranger(JSON_PATH)).toMatchObject({ status: 404 });
    await change(collector, { badge: true, visibility: 'none' });
    expect(await collector.stranger(JSON_PATH)).toMatchObject({ status: 404 });
    expect(await collector.stranger('/v1/badge.json?project=nobody')).toMatchObject({
      status: 404,
    });
  });

  it('tells the people of 28 complete days, rounded to two digits, as shields.io reads it', async () => {
    const collector = await startCollector();
    await reportVisits(collector, people(137, YESTERDAY));
    // The running day is not complete.
    await reportVisits(collector, people(60, '2026-11-22', 'today'));
    await change(collector, { badge: true });
    const answer = await collector.stranger(JSON_PATH);
    expect(answer.body).toEqual({
      schemaVersion: 1,
      label: 'people in 28 days',
      message: '140',
      color: '136c55',
      cacheSeconds: 3600,
    });
    expect(answer.headers).toMatchObject({
      'cache-control': 'public, max-age=3600',
      'cross-origin-resource-policy': 'cross-origin',
      'access-control-allow-origin': '*',
    });
    const drawn = await collector.stranger(`${SVG_PATH}&label=users%20%3C%26%22`);
    expect(drawn.headers['content-type']).toBe('image/svg+xml; charset=utf-8');
    expect(drawn.text).toContain('aria-label="users &lt;&amp;&quot;: 140"');
    expect(drawn.text).not.toContain('137');
    expect(drawn.text.length).toBeLessThan(2000);
  });

  it('never tells of fewer people than the public may see', async () => {
    const collector = await startCollector();
    await reportVisits(collector, people(9, YESTERDAY));
    await change(collector, { badge: true });
    expect((await collector.stranger(JSON_PATH)).body).toMatchObject({
      message: 'fewer than 10',
    });
  });

  it('stays for an hour, so that it cannot be watched', async () => {
    let monotonicMs = 0;
    const collector = await startCollector({ monotonicMs: () => monotonicMs });
    await reportVisits(collector, people(20, YESTERDAY));
    await change(collector, { badge: true });
    const message = async () => (await collector.stranger(JSON_PATH)).body['message'];
    expect(await message()).toBe('20');
    await reportVisits(collector, people(30, YESTERDAY, 'late'));
    expect(await message()).toBe('20');
    monotonicMs = 60 * 60 * 1000;
    expect(await message()).toBe('50');
  });
});
