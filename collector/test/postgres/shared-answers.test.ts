import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import type { Answer, TestCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';
import { startNodes } from './support/start-nodes.js';
import { startRedis, type TestRedis } from './support/start-redis.js';
import { temporarySchema } from './support/temporary-schema.js';

const undo: (() => void | Promise<void>)[] = [];
const atEnd = (step: () => void | Promise<void>): void => void undo.unshift(step);

const START = Date.parse('2026-11-22T21:00:00.000Z');
let passedMs = 0;
let monotonicMs = 0;
let store: string;
let redis: TestRedis;
/** Two with the cache, and one that must answer the same without it. */
let nodes: readonly [TestCollector, TestCollector];
let alone: TestCollector;
let sent = 0;

beforeAll(async () => {
  store = await temporarySchema(atEnd);
  redis = await startRedis(atEnd);
  const options = {
    ...{ store, now: () => new Date(START + passedMs), checkJobsEveryMs: 2 ** 30 },
    // The slowest of machines must not take its own slowness for that of the cache.
    ...{ monotonicMs: () => performance.now() + monotonicMs, cacheWaitMs: 20_000 },
  };
  const [first, second, third] = await startNodes(
    [{ cache: redis.url }, { cache: redis.url }, {}].map((one) => ({ ...options, ...one })),
    atEnd,
  );
  if (!first || !second || !third) throw new Error('There are three.');
  nodes = [first, second];
  alone = third;
  const { statusCode } = await first.app.inject({
    ...{ method: 'PUT', url: '/v1/projects/secret-project' },
    payload: { status: 'open', visibility: 'detailed' },
    headers: withToken(),
  });
  expect(statusCode).toBe(201);
});

afterAll(async () => {
  for (const step of undo) await step();
});

const URL = '/v1/stats/summary?project=secret-project';

/** Sends reports of new people, and waits until they are counted. */
async function send(people = 1): Promise<void> {
  const reports = Array.from({ length: people }, () => ({
    ...{ anonymous_id: `person-${sent++}`, timestamp: '2026-11-22T20:00:00.000Z' },
    ...{ project: 'secret-project', info: { os: 'Linux', version: '1.0.0' } },
  }));
  expect((await nodes[0].post('/v1/reports', { reports })).status).toBe(202);
  await nodes[0].get('/v1/stats/quality');
}

beforeEach(async () => {
  // Away from all earlier answers.
  await send();
});

/** How questions were answered so far. */
async function outcomes(node: TestCollector): Promise<Record<string, number>> {
  // The same figures are told again for two seconds.
  monotonicMs += 2000;
  const { text } = await node.get('/metrics', withToken());
  const found: Record<string, number> = {};
  // The collector asks other questions by itself.
  const asked =
    /^headcount_questions_total\{question="\/v1\/stats\/(?:summary|timeseries)",outcome/;
  const line = new RegExp(
    `(?:${asked.source}|^headcount_cache_failures_total\\{reason)="(\\w+)"\\} (\\d+)$`,
    'gm',
  );
  for (const [, name = '', n] of text.matchAll(line)) found[name] = (found[name] ?? 0) + Number(n);
  return found;
}

/** By how much each figure rises while something is done. */
async function rises(node: TestCollector, act: () => Promise<unknown>) {
  const before = await outcomes(node);
  await act();
  const after = await outcomes(node);
  return Object.fromEntries(
    Object.entries(after).flatMap(([name, n]) => {
      const rise = n - (before[name] ?? 0);
      return rise === 0 ? [] : [[name, rise]];
    }),
  );
}

/** Waits until the cache has so many values: nobody waits for them to be written. */
const untilKept = (values: number) =>
  until(`the cache has ${values} values`, async () => (await redis.all()).size >= values);

/** An answer, but for the number that a problem names the request by. */
const told = ({ status, text, headers }: Answer) => ({
  ...{ status, etag: headers['etag'] },
  text: text.replace(/"request_id":"[^"]*"/, ''),
});

const people = ({ body }: Answer): unknown => body['total_users'];

describe('answers that collectors on one store share', () => {
  it('cost the database once, whichever of them is asked', async () => {
    await redis.send('FLUSHALL');
    const [one, other] = nodes;
    const first = await one.get(URL);
    await untilKept(1);
    const client = new pg.Client(store);
    await client.connect();
    try {
      // Nobody can read these until the transaction ends.
      await client.query('BEGIN');
      await client.query('LOCK TABLE gaps, totals, latest, users, report_days, dims');
      const risen = await rises(other, async () => {
        expect(told(await other.get(URL))).toEqual(told(first));
      });
      expect(risen).toEqual({ shared: 1 });
      await client.query('ROLLBACK');
    } finally {
      await client.end();
    }
    expect(told(await alone.get(URL))).toEqual(told(first));
    await send();
    expect(people(await other.get(URL))).toBe(sent);
  });

  it('are those of one without a cache, for each level, format, zone and question', async () => {
    await send(15);
    const urls = ['summary', 'timeseries', 'breakdown?dimension=os'];
    const formats = ['json', 'csv'];
    let compared = 0;
    for (const path of urls) {
      for (const format of formats) {
        const end = `project=secret-project&format=${format}`;
        const url = `/v1/stats/${path}${path.includes('?') ? '&' : '?'}${end}`;
        for (const level of ['get', 'stranger'] as const) {
          const expected = told(await alone[level](url));
          for (const node of nodes) {
            expect({ url, level, ...told(await node[level](url)) }).toEqual({
              ...{ url, level },
              ...expected,
            });
            compared++;
          }
        }
      }
    }
    expect(compared).toBe(urls.length * formats.length * 4);
  });

  it('tell whoever reads the cache nothing, and are gone from it in seconds', async () => {
    await redis.send('FLUSHALL');
    await nodes[0].get(URL);
    await nodes[0].get('/v1/stats/timeseries?project=secret-project&format=csv');
    await untilKept(2);
    const all = await redis.all();
    expect(all.size).toBeGreaterThanOrEqual(2);
    for (const [name, value] of all) {
      expect(name).toMatch(/^headcount:[\w-]{43}$/);
      for (const word of ['secret', 'total', 'Linux', 'as_of', 'day', 'csv', '2026']) {
        expect(value.includes(word), word).toBe(false);
      }
      const leftMs = Number(await redis.send('PTTL', name));
      expect(leftMs).toBeGreaterThan(0);
      expect(leftMs).toBeLessThanOrEqual(10_000);
    }
  });

  it('are computed anew where a value was changed, cut, or put under another name', async () => {
    const [one, other] = nodes;
    const urls = [URL, '/v1/stats/timeseries?project=secret-project'];
    const changes: ((values: readonly Buffer[]) => Buffer[])[] = [
      (values) => values.map((value) => flip(value, value.length - 1)),
      (values) => values.map((value) => flip(value, 20)),
      (values) => values.map((value) => flip(value, 0)),
      (values) => values.map((value) => value.subarray(0, 9)),
      (values) => values.map((value) => value.subarray(0, -1)),
      (values) => values.map((value) => Buffer.concat([value, value])),
      (values) => values.map(() => Buffer.from('{"total_users":0}')),
      (values) => [...values.slice(1), ...values.slice(0, 1)],
    ];
    for (const change of changes) {
      await send();
      await redis.send('FLUSHALL');
      const expected: object[] = [];
      for (const url of urls) expected.push(told(await one.get(url)));
      await untilKept(2);
      const all = await redis.all();
      const changed = change([...all.values()]);
      for (const [at, name] of [...all.keys()].entries()) {
        await redis.set(name, changed[at] ?? Buffer.of());
      }
      const risen = await rises(other, async () => {
        for (const [at, url] of urls.entries()) {
          expect(told(await other.get(url))).toEqual(expected[at]);
        }
      });
      expect(risen).toEqual({ computed: 2, forged: 2 });
    }
  });

  it('are never those of an older state, nor older than seconds, whatever is put back', async () => {
    const [one, other] = nodes;
    await redis.send('FLUSHALL');
    expect(people(await one.get(URL))).toBe(sent);
    await untilKept(1);
    const old = [...(await redis.all())];
    await send();
    await redis.send('FLUSHALL');
    expect(people(await one.get(URL))).toBe(sent);
    await untilKept(1);
    const current = [...(await redis.all())];
    for (const [name, value] of old) await redis.set(name, value);
    for (const [name] of current) await redis.set(name, old[0]?.[1] ?? Buffer.of());
    expect(await rises(other, async () => expect(people(await other.get(URL))).toBe(sent))).toEqual(
      { computed: 1, forged: 1 },
    );

    // Of the same state, so that its figures are right; but it says that it is older.
    passedMs += 60_000;
    for (const [name, value] of current) await redis.set(name, value);
    const answer = await other.get(URL);
    expect(answer.body['as_of']).toBe(new Date(START + passedMs).toISOString());
  });

  it('are without a person who was erased, and by settings as they are now', async () => {
    const [one, other] = nodes;
    const id = `person-${sent - 1}`;
    const before = Number(people(await other.get(URL)));
    const erased = await one.app.inject({
      ...{ method: 'DELETE', url: `/v1/users/${id}?project=secret-project` },
      headers: withToken(),
    });
    expect(erased.statusCode, erased.body).toBeLessThan(300);
    expect(people(await one.get(URL))).toBe(before - 1);
    expect(people(await other.get(URL))).toBe(before - 1);

    expect((await one.stranger(URL)).status).toBe(200);
    const hidden = await other.app.inject({
      ...{ method: 'PUT', url: '/v1/projects/secret-project' },
      payload: { status: 'open', visibility: 'none' },
      headers: withToken(),
    });
    expect(hidden.statusCode).toBe(200);
    expect((await other.stranger(URL)).status).toBe(401);
  });
});

function flip(value: Buffer, at: number): Buffer {
  const changed = Buffer.from(value);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}
