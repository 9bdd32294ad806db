import { describe, expect, it } from 'vitest';
import type { CollectorOptions } from '../../src/collector-options.js';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';

const PROXY = '10.1.2.3';

async function start(options: Partial<CollectorOptions>) {
  // However busy the machine is, the requests of a test come at one moment.
  const collector = await startCollector({ monotonicMs: () => 0, ...options });
  const send = async (remoteAddress: string, forwardedFor?: string) =>
    collector.app.inject({
      method: 'POST',
      url: '/v1/reports',
      remoteAddress,
      headers: {
        'content-type': 'application/json',
        ...(forwardedFor !== undefined && { 'x-forwarded-for': forwardedFor }),
      },
      payload: JSON.stringify(fullReport()),
    });
  const ask = async (remoteAddress: string, url = '/v1/stats/summary') =>
    collector.app.inject({ url, remoteAddress });
  return {
    send,
    ask,
    log: () => collector.log(),
    get: (url: string) => collector.get(url),
    app: collector.app,
  };
}

describe('questions', () => {
  it('are limited for each address, all of them together and apart from reports', async () => {
    const { ask, send } = await start({ statsRateLimit: 3, rateLimit: 1 });
    const first = await ask('192.0.2.1');
    expect(first.headers).toMatchObject({
      'ratelimit-policy': '"stats";q=3;w=60',
      ratelimit: '"stats";r=2;t=20',
    });
    expect((await ask('192.0.2.1', '/stats')).statusCode).toBe(200);
    expect((await ask('192.0.2.1', '/v1/stats/recent')).statusCode).toBe(401);
    for (const name of [
      'summary',
      'recent',
      'live',
      'timeseries',
      'retention',
      'adoption',
      'forecast',
    ]) {
      const refused = await ask('192.0.2.1', `/v1/stats/${name}`);
      expect([name, refused.statusCode, refused.headers['retry-after']]).toEqual([name, 429, '20']);
      expect(refused.json()).toMatchObject({ code: 'rate_limited', status: 429 });
    }
    expect((await ask('192.0.2.1', '/v1/stats/quality')).statusCode).toBe(429);
    expect((await ask('192.0.2.1', '/v1/stats/breakdown?dimension=os')).statusCode).toBe(429);
    expect((await ask('192.0.2.1', '/health')).statusCode).toBe(200);
    expect((await ask('192.0.2.2')).statusCode).toBe(200);
    expect((await send('192.0.2.1')).statusCode).toBe(202);
  });

  it('are not limited for this machine, nor where the limit is 0', async () => {
    const own = await start({ statsRateLimit: 1 });
    for (let n = 0; n < 3; n++) expect((await own.ask('127.0.0.1')).statusCode).toBe(200);
    const none = await start({ statsRateLimit: 0 });
    for (let n = 0; n < 3; n++) expect((await none.ask('192.0.2.1')).statusCode).toBe(200);
  });
});

describe('requests with reports', () => {
  it('are limited for each address, and say what is left', async () => {
    const { send, get } = await start({ rateLimit: 2 });
    const first = await send('192.0.2.1');
    expect(first.statusCode).toBe(202);
    expect(first.headers).toMatchObject({
      'ratelimit-policy': expect.stringMatching(/^"address";q=2;w=60(,|$)/) as unknown,
      ratelimit: expect.stringMatching(/^"address";r=1;t=30(,|$)/) as unknown,
    });
    expect((await send('192.0.2.1')).statusCode).toBe(202);
    const refused = await send('192.0.2.1');
    expect(refused.statusCode).toBe(429);
    expect(refused.headers).toMatchObject({ 'retry-after': '30', ratelimit: '"address";r=0;t=60' });
    expect(refused.json()).toMatchObject({ code: 'rate_limited', status: 429 });
    expect((await send('192.0.2.2')).statusCode).toBe(202);
    expect((await get('/stats')).body).toMatchObject({ total_reports: 3 });
  });

  it('are not limited for this machine, nor where the limit is 0', async () => {
    const own = await start({ rateLimit: 1 });
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '127.0.0.1']) {
      expect((await own.send(address)).statusCode).toBe(202);
    }
    const none = await start({ rateLimit: 0 });
    for (let n = 0; n < 5; n++) expect((await none.send('192.0.2.1')).statusCode).toBe(202);
  });

  it.each(['x-forwarded', 'fly-client-ip', 'via'])(
    'are limited for this machine once a proxy on it was seen by %s',
    async (header) => {
      const { ask, get, app } = await start({ statsRateLimit: 2 });
      for (let n = 0; n < 3; n++) expect((await ask('127.0.0.1')).statusCode).toBe(200);
      await app.inject({ url: '/v1/stats/summary', headers: { [header]: '192.0.2.1' } });
      await ask('127.0.0.1');
      expect((await ask('127.0.0.1')).statusCode).toBe(429);
      expect((await get('/health')).status).toBe(200);
    },
  );

  it('take nobody’s word for an address by default, and warn of it once', async () => {
    const { send, get, log } = await start({ rateLimit: 1 });
    for (const status of [202, 429, 429]) {
      expect((await send(PROXY, `192.0.2.${status}`)).statusCode).toBe(status);
      await get('/health');
    }
    const lines = log().split('\n');
    expect(lines.filter((line) => line.includes('HEADCOUNT_TRUSTED_PROXIES'))).toHaveLength(1);
  });

  it('take a trusted proxy’s word, and only for the last address before it', async () => {
    const { send, log } = await start({ rateLimit: 1, trustedProxies: ['10.0.0.0/8'] });
    expect((await send(PROXY, '192.0.2.1')).statusCode).toBe(202);
    expect((await send(PROXY, '192.0.2.2')).statusCode).toBe(202);
    // What a client claims before the proxy adds to it does not count.
    expect((await send(PROXY, '198.51.100.9, 192.0.2.1')).statusCode).toBe(429);
    expect((await send('203.0.113.5', '192.0.2.3')).statusCode).toBe(202);
    expect((await send('203.0.113.5', '192.0.2.4')).statusCode).toBe(429);
    expect(log()).not.toContain('HEADCOUNT_TRUSTED_PROXIES');
  });

  it.each([
    ['with ports', '192.0.2.1:5001', '192.0.2.1:5002'],
    ['in brackets with ports', '[2001:db8:1:2::1]:5001', '[2001:db8:1:2::1]:5002'],
    ['in brackets', '[2001:db8:1:2::1]', '2001:db8:1:2::1'],
    ['with a claim before it', '192.0.2.1', '(null), 192.0.2.1'],
    ['from a second proxy with a port', '192.0.2.1, 10.9.9.9:5001', '192.0.2.1:7, 10.9.9.9'],
    ['wrapped in IPv6', '192.0.2.1', '::ffff:192.0.2.1'],
    ['wrapped in IPv6, in hex and brackets', '192.0.2.1', '[::ffff:c000:201]:5001'],
    ['with a zone', 'fe80::1%eth0', '[fe80::1%eth1]:5001'],
    ['of one subscriber, however written', '2001:DB8:1:2::1', '2001:db8:1:2:0:0:0:9'],
    ['quoted', '"192.0.2.1:5001"', '192.0.2.1'],
    ['among empty parts', '192.0.2.1', ' , ,192.0.2.1 ,, '],
    ['after a hundred hops', '192.0.2.1', `192.0.2.1${', 10.9.9.9:80'.repeat(100)}`],
  ])('know one client by its addresses %s', async (_, first, second) => {
    const { send } = await start({ rateLimit: 1, trustedProxies: ['10.0.0.0/8'] });
    expect((await send(PROXY, first)).statusCode).toBe(202);
    expect((await send(PROXY, second)).statusCode).toBe(429);
  });

  it.each([
    ...[
      '(null)',
      'unknown',
      '_hidden',
      '""',
      '-',
      '1.2.3',
      '1.2.3.4:99999999',
      ' ',
      '_SEVKISEK:80',
    ],
    ...['for="[::1]:80"', '[unknown]:80', '192.0.2.9/24', 'null', 'localhost'],
  ])('do not take all clients behind a proxy that writes %s for one', async (text) => {
    const { send } = await start({ rateLimit: 1, trustedProxies: ['10.0.0.0/8'] });
    for (const client of ['192.0.2.1', '192.0.2.2', '2001:db8::1']) {
      expect((await send(PROXY, `${client}, ${text}`)).statusCode).toBe(202);
      expect((await send(PROXY, `${text}, ${client}`)).statusCode).toBe(429);
    }
    expect((await send(PROXY, text)).statusCode).toBe(202);
    expect((await send(PROXY, text)).statusCode).toBe(429);
  });

  it('leave no address behind', async () => {
    const { send, log } = await start({ rateLimit: 1, trustedProxies: ['10.0.0.0/8'] });
    for (let n = 0; n < 3; n++) await send(PROXY, '192.0.2.77');
    expect(log()).not.toContain('192.0.2.77');
    expect(log()).not.toContain(PROXY);
  });
});
