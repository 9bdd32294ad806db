import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';

const PAGE = 'https://acme.dev';

/** What a browser sends before a POST of JSON from a page of another origin. */
const preflight = (origin: string) => ({
  method: 'OPTIONS' as const,
  url: '/v1/reports',
  headers: {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
  },
});

const corsOf = (headers: object): string[] =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));

describe('pages in a browser', () => {
  it('may run and frame nothing of the collector', async () => {
    const collector = await startCollector();
    for (const url of ['/', '/stats', '/nothing']) {
      const { headers } = await collector.get(url);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it('send nothing from an origin that is not listed', async () => {
    for (const corsOrigins of [[], [PAGE]]) {
      const collector = await startCollector({ corsOrigins });
      const asked = await collector.app.inject(preflight('https://evil.example'));
      expect(corsOf(asked.headers)).toEqual([]);
      // Browsers send this without a preflight.
      const origin = { origin: 'https://evil.example', 'content-type': 'text/plain' };
      const sent = await collector.post('/v1/reports', JSON.stringify(fullReport()), origin);
      expect(sent).toMatchObject({ status: 415, body: { code: 'wrong_content_type' } });
      expect(corsOf(sent.headers)).toEqual([]);
    }
  });

  it('send reports from a listed origin, as JSON or as the text of a beacon', async () => {
    const collector = await startCollector({ corsOrigins: [PAGE, 'http://localhost:3000'] });
    const asked = await collector.app.inject(preflight(PAGE));
    expect(asked.statusCode).toBe(204);
    expect(asked.headers).toMatchObject({ 'access-control-allow-origin': PAGE });
    expect(asked.headers['access-control-allow-methods']).toContain('POST');
    for (const type of ['application/json', 'text/plain', 'text/plain;charset=UTF-8']) {
      const headers = { origin: PAGE, 'content-type': type };
      const sent = await collector.post('/v1/reports', JSON.stringify(fullReport()), headers);
      expect(sent).toMatchObject({ status: 202 });
      expect(sent.headers).toMatchObject({ 'access-control-allow-origin': PAGE });
    }
  });

  it('get what Chromium asks for: credentials of beacons, and private networks', async () => {
    const collector = await startCollector({ corsOrigins: [PAGE] });
    const ask = async (origin: string, url = '/v1/reports') => {
      const { headers } = preflight(origin);
      const asked = { ...headers, 'access-control-request-private-network': 'true' };
      return collector.app.inject({ method: 'OPTIONS', url, headers: asked });
    };
    for (const url of ['/v1/reports', '/v1/reports/', '/statistics', '/?action=statistics']) {
      expect((await ask(PAGE, url)).headers).toMatchObject({
        'access-control-allow-origin': PAGE,
        'access-control-allow-credentials': 'true',
        'access-control-allow-private-network': 'true',
      });
    }
    for (const origin of ['null', 'https://evil.example', `${PAGE}.evil.example`, `${PAGE}:8443`]) {
      expect(corsOf((await ask(origin)).headers)).toEqual([]);
    }
    // A page must not read by the cookies that a proxy has set for the operator.
    expect((await ask(PAGE, '/stats')).headers).not.toHaveProperty(
      'access-control-allow-credentials',
    );
  });

  it('are told apart by caches, in refusals too', async () => {
    const collector = await startCollector({ corsOrigins: [PAGE] });
    for (const origin of [{}, { origin: PAGE }, { origin: 'null' }]) {
      for (const url of ['/', '/stats', '/nothing', '/v1/reports']) {
        const { headers } = await collector.get(url, origin);
        expect(String(headers['vary'])).toContain('Origin');
      }
    }
    const refused = await collector.post('/v1/reports', '{', { origin: PAGE });
    expect(refused).toMatchObject({
      status: 400,
      headers: { 'access-control-allow-origin': PAGE },
    });
  });

  it('may ask by OPTIONS without being a preflight', async () => {
    for (const corsOrigins of [[], [PAGE]]) {
      const { app } = await startCollector({ corsOrigins });
      expect(await app.inject({ method: 'OPTIONS', url: '/v1/reports' })).toMatchObject({
        statusCode: 204,
        body: '',
      });
    }
    const { app } = await startCollector();
    const { headers } = await app.inject({ method: 'OPTIONS', url: '/stats/' });
    expect(headers.allow).toBe('GET, HEAD');
    const unknown = await app.inject({ method: 'OPTIONS', url: '/nothing' });
    expect(unknown.statusCode).toBe(404);
  });

  it('reach it by its own names only, where they are listed', async () => {
    const collector = await startCollector({ hosts: ['stats.acme.dev', 'localhost', '[::1]'] });
    for (const host of ['stats.acme.dev', 'STATS.acme.dev:443', 'localhost:8081', '[::1]:8081']) {
      expect((await collector.get('/livez', { host })).status).not.toBe(421);
      expect((await collector.get('/stats', { host })).status).toBe(200);
    }
    for (const host of ['evil.example', 'stats.acme.dev.evil.example', '127.0.0.1:8081']) {
      const refused = await collector.post('/v1/reports', fullReport(), { host });
      expect(refused).toMatchObject({ status: 421, body: { code: 'wrong_host' } });
      expect((await collector.get('/stats', { host })).status).toBe(421);
    }
  });

  it('are no rules for probes, which ask by an address', async () => {
    const collector = await startCollector({ hosts: ['stats.acme.dev'] });
    for (const url of ['/livez', '/readyz', '/health']) {
      expect((await collector.get(url, { host: '10.1.2.3:8081' })).status).toBe(200);
    }
    const prometheus = { host: '10.1.2.3:8081', ...withToken() };
    expect((await collector.stranger('/metrics', prometheus)).status).toBe(200);
    const page = await collector.stranger('/metrics', { host: 'evil.example' });
    expect(page).toMatchObject({ status: 401, body: { code: 'token_required' } });
  });
});
