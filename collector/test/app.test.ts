import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { beforeAll, describe, expect, it } from 'vitest';
import { aboutSchema } from '../src/about-route.js';
import { ERRORS, problemSchema } from '../src/errors.js';
import { healthSchema } from '../src/health/health-schema.js';
import { statisticsAnswerSchema, verdictSchema } from '../src/intake/reports-route.js';
import { ownRecordSchema } from '../src/privacy/own-record.js';
import { deletionReceiptSchema } from '../src/privacy/users-routes.js';
import { recentSchema } from '../src/stats/recent-route.js';
import { summarySchema } from '../src/stats/summary.js';
import { bearer, firstGenerationReport, fullReport } from './support/reports.js';
import { shareCollector } from './support/share-collector.js';
import { type Answer, startCollector } from './support/start-collector.js';

const shared = shareCollector();

const ID = fullReport().anonymous_id;

beforeAll(async () => {
  const reports = [
    fullReport(),
    fullReport({ anonymous_id: 'deleted' }),
    fullReport({ anonymous_id: 'ci-x', info: { ...fullReport().info, os: 'A', version: 'B' } }),
    7,
  ];
  await shared().post('/v1/reports', { reports });
});

describe('every answer follows its schema', () => {
  const partly = { reports: [fullReport(), 7] };
  const cases: [string, TSchema, number, () => Promise<Answer>][] = [
    ['GET /', aboutSchema, 200, () => shared().get('/')],
    ['GET /health', healthSchema, 200, () => shared().get('/health')],
    ['GET /stats', summarySchema, 200, () => shared().get('/stats')],
    ['GET /stats/recent', recentSchema, 200, () => shared().get('/stats/recent')],
    ['POST /v1/reports', verdictSchema, 202, () => shared().post('/v1/reports', partly)],
    [
      'POST /statistics',
      statisticsAnswerSchema,
      200,
      () => shared().post('/statistics', firstGenerationReport()),
    ],
    [
      'GET /v1/users/…',
      ownRecordSchema,
      200,
      () => shared().get(`/v1/users/${ID}?project=acme-cli`, bearer()),
    ],
    ['GET /v1/users/unknown', problemSchema, 404, () => shared().get('/v1/users/x?project=x')],
    [
      'DELETE /v1/users/…',
      deletionReceiptSchema,
      202,
      () => shared().delete('/v1/users/deleted?project=acme-cli', bearer()),
    ],
    ['a shared ID', problemSchema, 403, () => shared().get('/v1/users/ci-x?project=x')],
    ['no JSON', problemSchema, 400, () => shared().post('/v1/reports', '{')],
    ['no report', problemSchema, 422, () => shared().post('/v1/reports', { reports: [7, {}] })],
    ['no such page', problemSchema, 404, () => shared().get('/nothing')],
    ['no such parameter', problemSchema, 400, () => shared().get('/stats?x=1')],
    ['no such action', problemSchema, 400, () => shared().post('/?action=x', fullReport())],
  ];

  it.each(cases)('%s', async (_name, schema, status, ask) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(Compile(schema).Errors(answer.body)).toEqual([]);
    if (status >= 400) {
      const { title, type, code } = answer.body;
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(ERRORS[code as keyof typeof ERRORS]).toMatchObject({ status, title });
      expect(type).toBe(`urn:headcount:problem:${String(code)}`);
    }
  });
});

describe('the server', () => {
  it('lists the routes it has', async () => {
    const { endpoints } = (await shared().get('/')).body;
    for (const { method, path } of endpoints as { method: 'GET' | 'POST'; path: string }[]) {
      const url = path.replaceAll(/\{(\w+)\}/g, ':$1');
      expect([path, shared().app.hasRoute({ method, url })]).toEqual([path, true]);
    }
  });

  it('says which methods a path allows', async () => {
    const cases = [
      ['PUT', '/stats', 'GET, HEAD'],
      ['GET', '/v1/reports', 'POST'],
      ['DELETE', '/', 'GET, HEAD, POST'],
      ['PUT', '/p/acme-cli', 'GET, HEAD'],
      ['PUT', '/p/acme-cli/settings', 'GET, HEAD, POST'],
      ['POST', '/v1/users/ada', 'GET, HEAD, DELETE'],
    ] as const;
    for (const [method, url, allow] of cases) {
      const { statusCode, headers } = await shared().app.inject({ method, url: `${url}?a=1` });
      expect([statusCode, headers.allow]).toEqual([405, allow]);
      const asked = await shared().app.inject({ method: 'OPTIONS', url });
      expect([url, asked.statusCode, asked.headers.allow]).toEqual([url, 204, allow]);
    }
  });

  it.each(['/%', '/%zz', '/v1/users/%c3?project=x', '/%E0%A4%A'])(
    'answers a path that cannot be decoded with a problem: %s',
    async (url) => {
      const { status, headers, body } = await shared().get(url);
      expect([status, headers['content-type']]).toEqual([400, 'application/problem+json']);
      expect(Compile(problemSchema).Errors(body)).toEqual([]);
      expect(body).toMatchObject({ code: 'bad_request', request_id: headers['x-request-id'] });
    },
  );

  it('takes a path with a slash behind it for the same', async () => {
    expect(await shared().get('/v1/stats/summary/')).toMatchObject({ status: 200 });
    expect(await shared().get('/health/')).toMatchObject({ status: 200 });
    expect(await shared().post('/v1/reports/', fullReport())).toMatchObject({ status: 202 });
    expect(await shared().get('/v1/reports/')).toMatchObject({ status: 405 });
    expect(await shared().get('/nothing/')).toMatchObject({ status: 404 });
  });

  it('answers below its base path, whether the proxy leaves it in or not', async () => {
    const collector = await startCollector({ basePath: '/tools/headcount' });
    for (const base of ['/tools/headcount', '']) {
      expect(await collector.get(`${base}/`)).toMatchObject({ status: 200 });
      expect(await collector.stranger(`${base}/stats`)).toMatchObject({ status: 200 });
      const url = `${base}/?action=statistics`;
      expect(await collector.post(url, firstGenerationReport())).toMatchObject({ status: 200 });
    }
    expect(await collector.get('/tools/headcount')).toMatchObject({ status: 200 });
    expect(await collector.get('/tools/headcounts')).toMatchObject({ status: 404 });
    const { servers } = (await collector.get('/openapi.json')).body;
    expect(servers).toEqual([{ url: '/tools/headcount/' }]);
  });

  it('takes no request id from outside', async () => {
    const { headers } = await shared().app.inject({
      url: '/stats',
      headers: { 'x-request-id': 'mine' },
    });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('needs an action to take reports at its root', async () => {
    expect(await shared().post('/', fullReport())).toMatchObject({
      status: 400,
      body: { code: 'bad_parameter', parameter: 'action' },
    });
  });
});
