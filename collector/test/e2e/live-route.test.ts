import { describe, expect, it } from 'vitest';
import type { CollectorOptions } from '../../src/collector-options.js';
import { startMortalCollector } from '../support/die.js';
import { post } from '../support/load.js';
import { openRaw, type RawConnection } from '../support/raw-connection.js';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { ADMIN_TOKEN, withToken } from '../support/admin-token.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

async function start(options: Partial<CollectorOptions> = {}) {
  const collector = await startCollector(options);
  const url = await collector.app.listen({ port: 0, host: '127.0.0.1' });
  return { ...collector, url };
}

async function listen(url: string, query = '', headers = ''): Promise<RawConnection> {
  const raw = await openRaw(url);
  const authorization = `Authorization: ${withToken().authorization}\r\n`;
  raw.write(`GET /v1/stats/live${query} HTTP/1.1\r\nHost: a\r\n${authorization}${headers}\r\n`);
  return raw;
}

/** The numbers of people in the events so far. */
const counts = (raw: RawConnection): number[] =>
  [...raw.received().matchAll(/^data: \{"total_users":(\d+),/gm)].map(([, n]) => Number(n));

describe('GET /v1/stats/live', () => {
  it('sends the summary at once and again when it changes, to all who listen', async () => {
    const collector = await start();
    const { url } = collector;
    const everybody = await listen(url);
    const one = await listen(url, '?project=other');
    await until('both have it', () => counts(everybody).length + counts(one).length === 2);
    expect(everybody.received()).toMatch(/^content-type: text\/event-stream\r$/m);
    expect(everybody.received()).toMatch(/^event: summary\nid: \S+\ndata: /m);

    await collector.post('/v1/reports', fullReport());
    await until('it has changed', () => counts(everybody).length === 2);
    expect([counts(everybody), counts(one)]).toEqual([[0, 1], [0]]);
    await collector.post('/v1/reports', fullReport({ project: 'other' }));
    await until('it has changed for both', () => counts(one).length === 2);
    await until('and for the other', () => counts(everybody).at(-1) === 2);
  });

  it('sends at most once a second, and the newest', async () => {
    const collector = await start();
    const { url } = collector;
    const raw = await listen(url);
    await until('it has begun', () => counts(raw).length === 1);
    const started = performance.now();
    for (let n = 0; n < 100; n++) {
      await collector.post('/v1/reports', fullReport({ anonymous_id: `user ${n}` }));
    }
    await until('all are there', () => counts(raw).at(-1) === 100);
    const seconds = (performance.now() - started) / 1000;
    expect(counts(raw).length - 1).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
  });

  it('gives whoever comes back the current one', async () => {
    const collector = await start();
    await collector.post('/v1/reports', fullReport());
    const { url } = collector;
    const raw = await listen(url, '', 'Last-Event-ID: 2026-11-22T20:00:00.000Z\r\n');
    await until('it is there', () => counts(raw).length === 1);
    expect(counts(raw)).toEqual([1]);
  });

  it('shows strangers all projects but the hidden one, however many there are', async () => {
    const projects = Array.from({ length: 60 }, (_, n) => `project-${n}`);
    const collector = await start({ newProjectsLimit: 0 });
    const reports = [...projects, 'hidden'].map((project) => fullReport({ project }));
    expect((await collector.post('/v1/reports', { reports })).status).toBe(202);
    const hidden = await collector.app.inject({
      method: 'PUT',
      url: '/v1/projects/hidden',
      headers: withToken(),
      payload: { visibility: 'none' },
    });
    expect(hidden.statusCode).toBeLessThan(300);
    const raw = await openRaw(collector.url);
    raw.write('GET /v1/stats/live HTTP/1.1\r\nHost: a\r\n\r\n');
    await until('it has begun', () => counts(raw).length === 1);
    expect(counts(raw)).toEqual([60]);
  });

  it('takes so many, and another one when one has left', async () => {
    const { url } = await start({ maxTokenListeners: 2 });
    const first = await listen(url);
    const second = await listen(url);
    await until('both listen', () => counts(first).length + counts(second).length === 2);
    const third = await listen(url);
    await until('it is refused', () => third.status() === 503);
    expect(third.received()).toContain('"code":"busy"');
    expect(third.received()).toMatch(/^retry-after: 1\r$/im);
    first.socket.destroy();
    await until('there is room', async () => {
      const next = await listen(url);
      await until('it is answered', () => next.status() !== undefined);
      return next.status() === 200;
    });
  });

  it('takes so many of one client, leaves the rest to others, and takes this machine for one behind a proxy', async () => {
    const { url } = await start({
      maxTokenListeners: 6,
      maxListenersPerClient: 2,
      trustedProxies: ['127.0.0.1'],
    });
    const listenAs = async (address: string): Promise<RawConnection> => {
      const raw = await listen(url, '', `X-Forwarded-For: ${address}\r\n`);
      await until('it is answered', () => raw.status() !== undefined);
      return raw;
    };
    const first = await listenAs('192.0.2.1');
    expect([first.status(), (await listenAs('192.0.2.1')).status()]).toEqual([200, 200]);
    expect(first.received()).toMatch(/^ratelimit: "stats";r=599;t=1\r$/im);
    const refused = await listenAs('192.0.2.1');
    expect(refused.status()).toBe(429);
    expect(refused.received()).toContain('"code":"too_many_streams"');
    expect(refused.received()).toMatch(/^retry-after: 30\r$/im);
    expect((await listenAs('192.0.2.2')).status()).toBe(200);
    for (const status of [200, 200, 429]) {
      expect((await listenAs('127.0.0.1')).status()).toBe(status);
    }
    expect((await listenAs('192.0.2.3')).status()).toBe(200);
    expect((await listenAs('192.0.2.4')).status()).toBe(503);
    first.socket.destroy();
    await until('there is room', async () => (await listenAs('192.0.2.1')).status() === 200);
    expect((await listenAs('192.0.2.1')).status()).toBe(429);
  });

  it('has places for tokens that the public cannot take, and the other way round', async () => {
    const { url } = await start({ maxListeners: 1, maxTokenListeners: 1 });
    const stranger = async (): Promise<RawConnection> => {
      const raw = await openRaw(url);
      raw.write('GET /v1/stats/live HTTP/1.1\r\nHost: a\r\n\r\n');
      await until('it is answered', () => raw.status() !== undefined);
      return raw;
    };
    const statuses: (number | undefined)[] = [];
    for (let n = 0; n < 2; n++) statuses.push((await stranger()).status());
    for (let n = 0; n < 2; n++) {
      const raw = await listen(url);
      await until('it is answered', () => raw.status() !== undefined);
      statuses.push(raw.status());
    }
    expect(statuses).toEqual([200, 503, 200, 503]);
  });

  it('ends the oldest public stream of the client with most for another, after a minute', async () => {
    let ms = 0;
    const options = { maxListeners: 3, trustedProxies: ['127.0.0.1'], monotonicMs: () => ms };
    const { url } = await start(options);
    const strangerOf = async (address: string): Promise<RawConnection> => {
      const raw = await openRaw(url);
      const from = `X-Forwarded-For: ${address}\r\n`;
      raw.write(`GET /v1/stats/live HTTP/1.1\r\nHost: a\r\n${from}\r\n`);
      await until('it is answered', () => raw.status() !== undefined);
      return raw;
    };
    const hasEnded = (raw: RawConnection): boolean => /\r\n0\r\n\r\n$/.test(raw.received());
    const alone = await strangerOf('192.0.2.9');
    ms = 1000;
    const first = await strangerOf('192.0.2.1');
    const second = await strangerOf('192.0.2.1');
    ms = 60_999;
    // Only the stream of one who listens alone is old enough.
    expect((await strangerOf('2001:db8::1')).status()).toBe(200);
    await until('it has ended', () => hasEnded(alone));
    expect((await strangerOf('192.0.2.2')).status()).toBe(503);
    ms = 61_000;
    expect((await strangerOf('192.0.2.3')).status()).toBe(200);
    await until('it has ended', () => hasEnded(first));
    expect([hasEnded(second), second.socket.destroyed]).toEqual([false, false]);
  });

  it('gives a place back that was asked for in vain', async () => {
    const collector = await startMortalCollector({ maxTokenListeners: 1 });
    await collector.letDie('question-thread');
    for (let n = 0; n < 3; n++) {
      expect((await collector.get('/v1/stats/live')).body).toMatchObject({ code: 'failing' });
    }
  });

  it('ends at once when the collector does: SIGTERM', async () => {
    const collector = await startProcess(['--port', '0', '--data', temporaryFolder()], {
      HEADCOUNT_ADMIN_TOKEN: ADMIN_TOKEN,
    });
    const url = await collector.url();
    const raw = await listen(url);
    await until('it has begun', () => counts(raw).length === 1);
    expect(await post(`${url}/v1/reports`, fullReport())).toBe(202);
    await until('it has changed', () => counts(raw).length === 2);
    const started = performance.now();
    collector.child.kill('SIGTERM');
    expect(await collector.ended).toBe(0);
    // Requests in flight would be waited for for 5 seconds.
    expect(performance.now() - started).toBeLessThan(4500);
    expect(raw.received()).toMatch(/\r\n0\r\n\r\n$/);
  });
});
