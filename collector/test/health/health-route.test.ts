import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, withToken } from '../support/admin-token.js';
import { FORWARDED } from '../support/forwarded-headers.js';
import { NOW, startCollector } from '../support/start-collector.js';

const SERVICES = ['journal', 'counting', 'store', 'data', 'clock'];
const OK = Object.fromEntries(SERVICES.map((name) => [name, 'ok']));

describe('GET /health', () => {
  it('answers in the first generation’s shape, and 200 when all is well', async () => {
    const collector = await startCollector();
    const { status, body } = await collector.stranger('/health');
    expect([status, body]).toEqual([
      200,
      {
        status: 'healthy',
        timestamp: NOW.getTime() / 1000,
        services: OK,
        system: {
          cpu_percent: expect.any(Number) as number,
          memory_percent: expect.any(Number) as number,
          memory_available: expect.any(Number) as number,
        },
      },
    ]);
    const system = body['system'] as Record<string, number>;
    for (const name of ['cpu_percent', 'memory_percent']) {
      expect(system[name]).toBeGreaterThanOrEqual(0);
      expect(system[name]).toBeLessThanOrEqual(100);
    }
    expect(system['memory_available']).toBeGreaterThan(2 ** 20);
  });

  it('tells how busy the machine is to itself and to developers, not to strangers', async () => {
    const collector = await startCollector();
    const ask = async (headers: Record<string, string>) => {
      const answer = await collector.app.inject({
        ...{ url: '/health', remoteAddress: '203.0.113.9', headers },
      });
      return Object.keys(answer.json<object>());
    };
    expect(await ask({})).toEqual(['status', 'timestamp', 'services']);
    expect(await ask(withToken(ADMIN_TOKEN))).toContain('system');
  });

  it.each<[string, readonly string[]]>([
    ['a proxy on this machine is named', ['127.0.0.1', '::1']],
    ['a proxy elsewhere is named', ['10.0.0.0/8']],
    ['a proxy on this machine was seen', []],
  ])('tells programs on this machine, not those behind it, where %s', async (_, trustedProxies) => {
    const collector = await startCollector({ trustedProxies: [...trustedProxies] });
    const has = async (headers: Record<string, string>, remoteAddress = '127.0.0.1') => {
      const answer = await collector.app.inject({ url: '/health', remoteAddress, headers });
      return 'system' in answer.json<object>();
    };
    for (const name of FORWARDED) expect([name, await has({ [name]: '1' })]).toEqual([name, false]);
    for (const address of ['127.0.0.1', '127.0.0.5', '::1', '::ffff:127.0.0.1']) {
      expect([address, await has({}, address)]).toEqual([address, true]);
    }
    expect(await has({ host: '127.0.0.1:8081' })).toBe(true);
    // What a proxy that adds nothing has been asked by, or a page whose name leads here.
    expect(await has({ host: 'stats.acme.dev' })).toBe(false);
    expect(await has({}, '203.0.113.9')).toBe(false);
    expect(await has({ 'x-forwarded-for': '127.0.0.1' }, '10.0.0.7')).toBe(false);
  });

  it('tells a page whose name leads to this machine no more than a stranger', async () => {
    const collector = await startCollector();
    const keysFor = async (host: string) =>
      Object.keys((await collector.stranger('/health', { host })).body);
    for (const host of ['127.0.0.1:8081', 'localhost:8081', '[::1]:8081', '127.1.2.3']) {
      expect([host, await keysFor(host)]).toEqual([host, expect.arrayContaining(['system'])]);
    }
    for (const host of ['evil.example:8081', 'localhost.evil.example', '127.0.0.1.evil.example']) {
      expect(await keysFor(host)).toEqual(['status', 'timestamp', 'services']);
    }
  });

  it('has state, value, threshold, since and hint of each component and warning, for developers', async () => {
    const collector = await startCollector();
    const { body } = await collector.get('/health');
    const { components, warnings } = body as Record<string, Record<string, object>>;
    expect(Object.keys(components ?? {})).toEqual(SERVICES);
    expect(Object.keys(warnings ?? {})).toEqual(
      expect.arrayContaining([
        ...['cpu', 'memory', 'memory_free', 'disk', 'disk_full_soon', 'proxy', 'backup'],
        ...['silence', 'log', 'restore', 'places', 'unusual', 'journal_age', 'erasure'],
      ]),
    );
    for (const [name, condition] of Object.entries({ ...components, ...warnings })) {
      expect(Object.keys(condition)).toEqual(
        expect.arrayContaining(['state', 'value', 'unit', 'threshold', 'since', 'reason', 'hint']),
      );
      expect(condition).toMatchObject({
        hint: expect.stringContaining(`troubleshooting.md#${name}`) as string,
        since: NOW.toISOString(),
      });
    }
    expect(body).toMatchObject({
      uptime_seconds: 0,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
    });
  });

  it('answers 503 when the data folder is gone, says so, and logs it once', async () => {
    const collector = await startCollector();
    rmSync(collector.data, { recursive: true });
    for (let n = 0; n < 3; n++) {
      expect(await collector.get('/health')).toMatchObject({
        status: 503,
        body: {
          status: 'unhealthy',
          services: { ...OK, data: 'error' },
          components: {
            data: {
              state: 'failing',
              reason: 'The data folder does not work (ENOENT).',
              causes: [{ code: 'does_not_work', values: { error: 'ENOENT' } }],
            },
          },
        },
      });
    }
    const lines = collector
      .log()
      .split('\n')
      .filter((line) => line.includes('"condition":"data"'));
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      {
        level: 'error',
        state: 'failing',
        msg: 'The data folder does not work (ENOENT).',
        hint: expect.stringContaining('troubleshooting.md#data') as string,
      },
    ]);
  });
});
