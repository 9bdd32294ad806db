import { describe, expect, it } from 'vitest';
import { fullReport } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const TOKEN = 'a-token-of-24-characters';

/** Every question that has a tag. */
const QUESTIONS = [
  '/stats?project=acme-cli',
  '/v1/stats/summary?project=acme-cli',
  '/v1/stats/timeseries?project=acme-cli',
  '/v1/stats/breakdown?project=acme-cli&dimension=os',
  '/v1/stats/retention?project=acme-cli',
  '/v1/stats/adoption?project=acme-cli',
  '/v1/stats/growth?project=acme-cli',
  '/v1/stats/support?project=acme-cli',
  '/v1/stats/forecast?project=acme-cli',
  '/v1/stats/annotations?project=acme-cli',
  '/v1/stats/quality?project=acme-cli',
];

/** That whose days are those of receipt, by UTC. */
const UNZONED = QUESTIONS.filter((url) => url.includes('quality'));

/** Those whose days are told in the project's zone. */
const ZONED = QUESTIONS.filter((url) => !UNZONED.includes(url));

type Tags = ReadonlyMap<string, string>;

/** The tags of some questions. */
async function tagsOf(collector: TestCollector, urls = QUESTIONS): Promise<Tags> {
  const tags = new Map<string, string>();
  for (const url of urls) {
    const { status, headers } = await collector.get(url);
    expect(status).toBe(200);
    expect(headers['etag']).toMatch(/^W\/"[\w-]{22}"$/);
    tags.set(url, String(headers['etag']));
  }
  return tags;
}

/** The questions that are answered anew to whoever has the answers with some tags. */
async function changed(collector: TestCollector, tags: Tags): Promise<string[]> {
  const found: string[] = [];
  for (const [url, tag] of tags) {
    const given = { 'if-none-match': `"another", ${tag}` };
    const { status, headers, text } = await collector.get(url, given);
    if (status === 304) {
      expect([headers['etag'], text]).toEqual([tag, '']);
    } else {
      expect(status).toBe(200);
      expect(headers['etag']).not.toBe(tag);
      found.push(url);
    }
  }
  return found;
}

async function setZone({ app }: TestCollector, timezone: string): Promise<void> {
  const { statusCode } = await app.inject({
    method: 'PUT',
    url: '/v1/projects/acme-cli',
    headers: { authorization: `Bearer ${TOKEN}` },
    payload: { timezone },
  });
  expect(statusCode).toBe(200);
}

/** A collector that knows one report, of 20:58 by UTC, and whose clock can be set. */
async function start(options: { data?: string; timezone?: string } = {}) {
  let now = new Date('2026-11-22T21:00:00Z');
  const collector = await startCollector({ ...options, adminToken: TOKEN, now: () => now });
  await collector.post('/v1/reports', fullReport());
  return { ...collector, setClock: (at: string) => void (now = new Date(at)) };
}

describe('the tag of an answer', () => {
  it('stays until a report is counted', async () => {
    const collector = await start();
    const tags = await tagsOf(collector);
    collector.setClock('2026-11-22T23:59:59.999Z');
    expect(await changed(collector, tags)).toEqual([]);
    await collector.post('/v1/reports', fullReport());
    expect(await changed(collector, tags)).toEqual(QUESTIONS);
  });

  it('is another one for each way to ask and each format', async () => {
    const collector = await start();
    const ways = QUESTIONS.flatMap((url) => [
      url,
      url.replace('acme-cli', 'other'),
      `${url}&format=csv`,
      `${url}&format=ndjson`,
    ]);
    const tags = [...(await tagsOf(collector, ways)).values()];
    for (const url of QUESTIONS) {
      tags.push(String((await collector.get(url, { accept: 'text/csv' })).headers['etag']));
    }
    for (const url of ZONED) tags.push(...(await tagsOf(collector, [`${url}&tz=UTC`])).values());
    expect(new Set(tags).size).toBe(tags.length);
  });

  it('is another one after a restart, which may be another release', async () => {
    const data = temporaryFolder();
    const first = await start({ data });
    const tags = await tagsOf(first);
    await first.close();
    expect(await changed(await startCollector({ data }), tags)).toEqual(QUESTIONS);
  });

  it('changes with the day, without a report', async () => {
    const collector = await start();
    const tags = await tagsOf(collector);
    collector.setClock('2026-11-23T00:00:00Z');
    expect(await changed(collector, tags)).toEqual(QUESTIONS);
    const { body } = await collector.get('/stats', { 'if-none-match': tags.get('/stats') ?? '' });
    expect(body).toMatchObject({ daily_active_users: 0, weekly_active_users: 1 });
    expect(await changed(collector, await tagsOf(collector))).toEqual([]);
  });

  it('changes with the day of the project’s time zone; of receipt, with that of UTC', async () => {
    const collector = await start({ timezone: 'America/New_York' });
    const tags = await tagsOf(collector);
    collector.setClock('2026-11-23T04:59:59.999Z');
    expect(await changed(collector, tags)).toEqual(UNZONED);
    collector.setClock('2026-11-23T05:00:00Z');
    expect(await changed(collector, tags)).toEqual(QUESTIONS);
  });

  it('changes with the project’s time zone, and comes back with it', async () => {
    const collector = await start();
    const tags = await tagsOf(collector);
    await setZone(collector, 'Asia/Tokyo');
    expect(await changed(collector, tags)).toEqual(ZONED);
    for (const url of ZONED) {
      const { body } = await collector.get(url, { 'if-none-match': tags.get(url) ?? '' });
      expect(body).toMatchObject({ timezone: 'Asia/Tokyo' });
    }
    await setZone(collector, 'UTC');
    expect(await changed(collector, tags)).toEqual([]);
  });

  it('does not change with the zone of one project where all are asked for', async () => {
    const collector = await start();
    const tags = await tagsOf(collector, ['/stats', '/v1/stats/timeseries']);
    await setZone(collector, 'Asia/Tokyo');
    expect(await changed(collector, tags)).toEqual([]);
  });
});
