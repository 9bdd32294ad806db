import { describe, expect, it } from 'vitest';
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

describe('pages in a browser', () => {
  it('may run and frame nothing of the collector', async () => {
    const collector = await startCollector();
    for (const url of ['/', '/stats', '/nothing']) {
      const { headers } = await collector.get(url);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it('send nothing from an origin that is not listed', async () => {
    for (const corsOrigins of [[], [PAGE]]) {
      const collector = await startCollector({ corsOrigins });
      const asked = await collector.app.inject(preflight('https://evil.example'));
      expect(asked.headers['access-control-allow-origin']).not.toBe('https://evil.example');
      expect(asked.headers['access-control-allow-origin']).not.toBe('*');
      // Browsers send this without a preflight.
      const origin = { origin: 'https://evil.example', 'content-type': 'text/plain' };
      const sent = await collector.post('/v1/reports', JSON.stringify(fullReport()), origin);
      expect(sent).toMatchObject({ status: 415, body: { code: 'wrong_content_type' } });
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

  it('reach it by its own names only, where they are listed', async () => {
    const collector = await startCollector({ hosts: ['stats.acme.dev', 'localhost', '[::1]'] });
    for (const host of ['stats.acme.dev', 'STATS.acme.dev:443', 'localhost:8081', '[::1]:8081']) {
      expect((await collector.get('/livez', { host })).status).not.toBe(421);
      expect((await collector.get('/stats', { host })).status).toBe(200);
    }
    for (const host of ['evil.example', 'stats.acme.dev.evil.example', '127.0.0.1:8081']) {
      const refused = await collector.post('/v1/reports', fullReport(), { host });
      expect(refused).toMatchObject({ status: 421, body: { code: 'wrong_host' } });
    }
  });
});
