import { randomUUID } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { CollectorOptions } from '../../src/collector-options.js';
import { fullReport, reportId } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const START = Date.parse('2026-11-22T21:00:00.000Z');

interface Sent {
  readonly status: number;
  readonly code: unknown;
  readonly rejected: readonly { index: number; code: string; path: string; retry: boolean }[];
  readonly retryAfter: number;
  readonly policy: string;
}

async function start(options: Partial<CollectorOptions> = {}) {
  let ms = 0;
  const collector = await startCollector({
    monotonicMs: () => ms,
    now: () => new Date(START + ms),
    ...options,
  });
  const send = async (
    remoteAddress: string,
    reports: readonly object[],
    headers: Record<string, string> = {},
    payload: Buffer | string = JSON.stringify({ reports }),
  ): Promise<Sent> => {
    const answer = await collector.app.inject({
      ...{ method: 'POST', url: '/v1/reports', remoteAddress, payload },
      headers: { 'content-type': 'application/json', ...headers },
    });
    return {
      status: answer.statusCode,
      code: answer.json<{ code?: unknown }>().code,
      rejected: answer.json<{ rejected?: Sent['rejected'] }>().rejected ?? [],
      retryAfter: Number(answer.headers['retry-after']),
      policy: String(answer.headers['ratelimit-policy']),
    };
  };
  return {
    ...collector,
    send,
    summary: async (query = '') => (await collector.get(`/v1/stats/summary${query}`)).body,
    quality: async () => (await collector.get('/v1/stats/quality')).body,
    pass: (by: number) => void (ms += by),
  };
}

const REPORTER = '192.0.2.1';
const anyone = (changes: Parameters<typeof fullReport>[0] = {}) =>
  fullReport({ anonymous_id: randomUUID(), timestamp: '2026-11-22T20:58:00Z', ...changes });
const many = (count: number, make: (n: number) => object = () => anyone()) =>
  Array.from({ length: count }, (_, n) => make(n));

describe('limits of reports', () => {
  it('count reports, however many come in a request', async () => {
    const { send, summary, pass } = await start({ rateLimit: 1000 });
    const same = () => fullReport({ report_id: reportId() });
    expect((await send(REPORTER, many(500, same))).status).toBe(202);
    expect((await send(REPORTER, many(500, same))).status).toBe(202);
    const refused = await send(REPORTER, many(500, same));
    expect(refused).toMatchObject({ status: 429, code: 'rate_limited' });
    expect((await send('192.0.2.2', many(500, same))).status).toBe(202);
    expect(await summary()).toMatchObject({ total_reports: 1500 });
    // The body was not read, so that the answer told when one report may come; the next tells more.
    pass(refused.retryAfter * 1000);
    const again = await send(REPORTER, many(500, same));
    expect(again.status).toBe(429);
    pass(again.retryAfter * 1000 - 1500);
    expect((await send(REPORTER, many(500, same))).status).toBe(429);
    pass(1500);
    expect((await send(REPORTER, many(500, same))).status).toBe(202);
  });

  it('keep nothing of a request that they refuse, and count it once when it comes again', async () => {
    const { send, summary, quality, pass } = await start({ rateLimit: 600 });
    const batch = many(400);
    expect((await send(REPORTER, many(400))).status).toBe(202);
    for (let n = 0; n < 3; n++) expect((await send(REPORTER, batch)).status).toBe(429);
    expect(await summary()).toMatchObject({ total_users: 400 });
    pass(MINUTE_MS);
    expect((await send(REPORTER, batch)).status).toBe(202);
    expect((await send('192.0.2.2', batch)).status).toBe(202);
    expect(await summary()).toMatchObject({ total_users: 800, total_reports: 800 });
    expect(await quality()).toMatchObject({ duplicates: 400, rejected: { rate_limited: 3 } });
  });

  it('let a batch through that is larger than they are, when nothing of them is used', async () => {
    const { send, pass } = await start({ rateLimit: 100, bytesLimit: 1000 });
    expect((await send(REPORTER, many(500))).status).toBe(202);
    expect((await send(REPORTER, many(1))).status).toBe(429);
    pass(4 * MINUTE_MS);
    expect((await send(REPORTER, many(1))).status).toBe(429);
    pass(6 * HOUR_MS);
    expect((await send(REPORTER, many(500))).status).toBe(202);
  });

  it('count requests without a report as one each', async () => {
    const { send } = await start({ rateLimit: 3 });
    for (let n = 0; n < 3; n++) expect((await send(REPORTER, [{}])).status).toBe(422);
    expect((await send(REPORTER, many(1))).status).toBe(429);
  });

  it('count bytes after decompression', async () => {
    const { send } = await start({ bytesLimit: 1_000_000, rateLimit: 0 });
    const report = fullReport();
    const body = JSON.stringify({ reports: many(500, () => report) });
    const small = brotliCompressSync(body);
    expect(small.length).toBeLessThan(body.length / 100);
    const packed = { 'content-encoding': 'br' };
    const fits = Math.floor(1_000_000 / body.length);
    for (let n = 0; n < fits; n++) {
      expect((await send(REPORTER, [], packed, small)).status).toBe(202);
    }
    expect(await send(REPORTER, [], packed, small)).toMatchObject({
      status: 429,
      code: 'rate_limited',
    });
    expect((await send('192.0.2.2', [], packed, small)).status).toBe(202);
  });

  it('hold for a project, whoever sends', async () => {
    const { send, summary } = await start({ projectRateLimit: 900, projectNewIdsLimit: 1000 });
    for (const [n, status] of [202, 202, 202, 429].entries()) {
      const answer = await send(`192.0.2.${n}`, many(300));
      expect(answer.status).toBe(status);
      // How much others send is nobody's business.
      expect(answer.policy).not.toContain('project"');
    }
    expect(
      (
        await send(
          '192.0.2.9',
          many(300, () => anyone({ project: 'b' })),
        )
      ).status,
    ).toBe(202);
    expect(await summary('?project=acme-cli')).toMatchObject({ total_users: 900 });
  });

  it('do not hold for this machine, until a proxy on it is seen', async () => {
    const { send } = await start({ rateLimit: 300, newIdsLimit: 300 });
    for (const address of ['127.0.0.1', '::1', '127.0.0.1']) {
      expect((await send(address, many(300))).status).toBe(202);
    }
    const forwarded = { 'x-forwarded-for': '203.0.113.5' };
    expect((await send('127.0.0.1', many(300), forwarded)).status).toBe(202);
    expect((await send('127.0.0.1', many(300), forwarded)).status).toBe(429);
    expect((await send('127.0.0.1', many(300))).status).toBe(429);
  });

  it('hold for this machine where proxies are named', async () => {
    const { send } = await start({ rateLimit: 300, trustedProxies: ['10.0.0.1'] });
    expect((await send('127.0.0.1', many(300))).status).toBe(202);
    expect((await send('127.0.0.1', many(300))).status).toBe(429);
  });

  it('are not met by a company of 5000 machines behind one address in its morning rush', async () => {
    const { send, summary, pass } = await start();
    const machines = Array.from({ length: 5000 }, () => randomUUID());
    // Twenty starts of each in an hour: 100 000 reports, all as fast as the limit lets them.
    for (let round = 0; round < 2; round++) {
      for (let at = 0; at < machines.length; at += 500) {
        const batch = machines
          .slice(at, at + 500)
          .map((anonymous_id) =>
            anyone({ anonymous_id, timestamp: new Date(START).toISOString() }),
          );
        expect((await send(REPORTER, batch)).status).toBe(202);
        // However slow the machine is, nothing waits to be counted.
        await summary();
      }
      pass(HOUR_MS / 20);
    }
    expect(await summary()).toMatchObject({ total_users: 5000, total_reports: 10_000 });
  });
});

describe('limits of new IDs', () => {
  it('bound the people that one address makes, and nobody who is known', async () => {
    const { send, summary, pass } = await start({ rateLimit: 0 });
    const known = many(500);
    expect((await send(REPORTER, known)).status).toBe(202);
    let made = 500;
    // The attack that made 66 666 people in 12 seconds.
    for (let n = 0; n < 30; n++) {
      if ((await send(REPORTER, many(500))).status === 202) made += 500;
    }
    expect(made).toBe(10_000);
    expect(await summary()).toMatchObject({ total_users: 10_000 });
    const again = known.map((report) => ({ ...report, report_id: reportId() }));
    expect((await send(REPORTER, again)).status).toBe(202);
    expect((await send('192.0.2.2', many(500))).status).toBe(202);
    pass(3 * MINUTE_MS);
    expect((await send(REPORTER, many(500))).status).toBe(202);
  });

  it('know those who are counted after a restart', async () => {
    const first = await start({ newIdsLimit: 400 });
    const known = many(400);
    expect((await first.send(REPORTER, known)).status).toBe(202);
    await first.close();
    const { send } = await start({ newIdsLimit: 400, data: first.data });
    const again = known.map((report) => ({ ...report, report_id: reportId() }));
    expect((await send(REPORTER, again)).status).toBe(202);
    expect((await send(REPORTER, many(400))).status).toBe(202);
    expect((await send(REPORTER, many(1))).status).toBe(429);
  });

  it('count people whose first day has passed as twenty', async () => {
    const { send, summary } = await start();
    const late = (n: number) =>
      anyone({ timestamp: new Date(START - (1 + (n % 29)) * DAY_MS).toISOString() });
    expect((await send(REPORTER, many(500, late))).status).toBe(202);
    expect((await send(REPORTER, many(1, late))).status).toBe(429);
    expect((await send(REPORTER, many(1))).status).toBe(429);
    expect(await summary()).toMatchObject({ total_users: 500 });
  });
});

describe('what is new beyond a limit', () => {
  const isNew = (index: number, path = '/anonymous_id') => ({
    ...{ index, path, code: 'rate_limited', retry: true },
  });

  it('is refused alone: who is known is counted, also in the same batch', async () => {
    const { send, summary, pass } = await start({ newIdsLimit: 10 });
    const known = anyone();
    expect((await send('198.51.100.1', [known])).status).toBe(202);
    await summary();
    expect((await send(REPORTER, many(10))).status).toBe(202);
    const late = anyone();
    const batch = [late, { ...known, report_id: reportId() }, {}, late];
    const answer = await send(REPORTER, batch);
    expect(answer).toMatchObject({ status: 202, rejected: [isNew(0), { index: 2 }, isNew(3)] });
    expect(answer.retryAfter).toBeGreaterThan(0);
    expect(await summary()).toMatchObject({ total_users: 11, total_reports: 12 });
    const alone = await send(REPORTER, [late]);
    expect(alone).toMatchObject({ status: 429, code: 'rate_limited', rejected: [isNew(0)] });
    pass(alone.retryAfter * 1000);
    expect((await send(REPORTER, [late])).status).toBe(202);
  });

  it('is refused alone where a project has enough of it from all clients', async () => {
    const { send, summary, quality } = await start({ projectNewIdsLimit: 40 });
    const known = anyone();
    expect((await send('198.51.100.1', [known])).status).toBe(202);
    // A client brings at most a twentieth of what all do.
    for (let n = 0; n < 19; n++) {
      expect((await send(`192.0.2.${n}`, many(2))).status).toBe(202);
      expect((await send(`192.0.2.${n}`, many(1))).status).toBe(429);
    }
    expect((await send('203.0.113.1', many(1))).status).toBe(202);
    await summary();
    const batch = [
      { ...known, report_id: reportId() },
      anyone({ project: 'another' }),
      anyone(),
      { ...known, report_id: reportId() },
    ];
    const answer = await send('203.0.113.2', batch);
    expect(answer).toMatchObject({ status: 202, rejected: [isNew(2)] });
    expect(answer.policy).not.toContain('project"');
    expect(await summary('?project=acme-cli')).toMatchObject({
      ...{ total_users: 40, total_reports: 42 },
    });
    expect(await summary('?project=another')).toMatchObject({ total_users: 1 });
    expect(await quality()).toMatchObject({ rejected: { rate_limited: 20 } });
  });

  it('is one project after the other, and leaves none behind that is refused', async () => {
    const { send, store, summary, pass } = await start({ maxProjects: 100, newProjectsLimit: 3 });
    // A fifth of all there may be comes in a day, and a twentieth of these from one client.
    const first = await send(
      REPORTER,
      many(500, (at) => anyone({ project: `p${at}` })),
    );
    expect(first.status).toBe(202);
    expect(first.rejected).toHaveLength(499);
    expect(first.rejected[0]).toEqual(isNew(1, '/project'));
    const known = anyone({ project: 'p0' });
    expect(await send(REPORTER, [anyone({ project: 'q' }), known])).toMatchObject({
      ...{ status: 202, rejected: [isNew(0, '/project')] },
    });
    for (let n = 0; n < 19; n++) {
      const one = [anyone({ project: `r${n}` })];
      expect((await send(`198.51.100.${n}`, one)).status).toBe(202);
    }
    const honest = () => [
      anyone({ project: 'honest', timestamp: new Date(START + DAY_MS).toISOString() }),
    ];
    expect((await send('192.0.2.2', honest())).status).toBe(429);
    await summary();
    expect(await store.projects()).toHaveLength(20);
    pass(DAY_MS);
    expect((await send('192.0.2.2', honest())).status).toBe(202);
    await summary();
    expect(await store.projects()).toHaveLength(21);
  });

  it('makes no project whose only reports are of new IDs too many', async () => {
    const { send, summary, pass } = await start({ newIdsLimit: 1 });
    expect((await send(REPORTER, many(1))).status).toBe(202);
    for (let n = 0; n < 20; n++) {
      const { rejected } = await send(REPORTER, [anyone({ project: `p${n}` })]);
      expect(rejected).toEqual([isNew(0)]);
    }
    pass(HOUR_MS);
    // None of them has used up one of the ten new projects.
    expect((await send(REPORTER, [anyone({ project: 'p0' })])).status).toBe(202);
    expect(await summary('?project=p0')).toMatchObject({ total_users: 1 });
  });
});

describe('lost reports', () => {
  it('are not what a request says', async () => {
    const { send, summary } = await start();
    const liars = many(500, () => anyone({ lost_total: 1_000_000 }));
    expect((await send(REPORTER, liars)).status).toBe(202);
    expect(await summary()).toMatchObject({ reports_lost: 50_000 });
  });
});
