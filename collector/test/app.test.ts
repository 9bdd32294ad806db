import { Compile } from 'typebox/compile';
import type { TSchema } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aboutSchema } from '../src/about-route.js';
import { ERRORS } from '../src/errors.js';
import { healthSchema } from '../src/health/health-route.js';
import { verdictSchema } from '../src/intake/reports-route.js';
import { statisticsAnswerSchema } from '../src/intake/statistics-routes.js';
import { problemSchema } from '../src/problem.js';
import { recentSchema } from '../src/stats/recent-route.js';
import { summarySchema } from '../src/stats/summary-route.js';
import { firstGenerationReport, fullReport } from './support/reports.js';
import { startCollector, type Answer, type TestCollector } from './support/start-collector.js';

let collector: TestCollector;

beforeAll(async () => {
  collector = await startCollector({}, afterAll);
  const reports = [
    fullReport(),
    fullReport({ anonymous_id: 'ci-x', info: { ...fullReport().info, os: 'A', version: 'B' } }),
    7,
  ];
  await collector.post('/v1/reports', { reports });
});

describe('every answer follows its schema', () => {
  const partly = { reports: [fullReport(), 7] };
  const cases: [string, TSchema, number, () => Promise<Answer>][] = [
    ['GET /', aboutSchema, 200, () => collector.get('/')],
    ['GET /health', healthSchema, 200, () => collector.get('/health')],
    ['GET /stats', summarySchema, 200, () => collector.get('/stats')],
    ['GET /stats/recent', recentSchema, 200, () => collector.get('/stats/recent')],
    ['POST /v1/reports', verdictSchema, 202, () => collector.post('/v1/reports', partly)],
    [
      'POST /statistics',
      statisticsAnswerSchema,
      200,
      () => collector.post('/statistics', firstGenerationReport()),
    ],
    ['no JSON', problemSchema, 400, () => collector.post('/v1/reports', '{')],
    ['no report', problemSchema, 422, () => collector.post('/v1/reports', { reports: [7, {}] })],
    ['no such page', problemSchema, 404, () => collector.get('/nothing')],
    ['no such parameter', problemSchema, 400, () => collector.get('/stats?x=1')],
    ['no such action', problemSchema, 400, () => collector.post('/?action=x', fullReport())],
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
    const { endpoints } = (await collector.get('/')).body;
    for (const { method, path } of endpoints as { method: 'GET' | 'POST'; path: string }[]) {
      const url = path.split('?')[0] ?? '';
      expect([path, collector.app.hasRoute({ method, url })]).toEqual([path, true]);
    }
  });

  it('says which methods a path allows', async () => {
    const cases = [
      ['PUT', '/stats', 'GET, HEAD'],
      ['GET', '/v1/reports', 'POST'],
      ['DELETE', '/', 'GET, HEAD, POST'],
    ] as const;
    for (const [method, url, allow] of cases) {
      const { statusCode, headers } = await collector.app.inject({ method, url: `${url}?a=1` });
      expect([statusCode, headers.allow]).toEqual([405, allow]);
    }
  });

  it('takes no request id from outside', async () => {
    const { headers } = await collector.app.inject({
      url: '/stats',
      headers: { 'x-request-id': 'mine' },
    });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('needs an action to take reports at its root', async () => {
    expect(await collector.post('/', fullReport())).toMatchObject({
      status: 400,
      body: { code: 'bad_parameter', parameter: 'action' },
    });
  });
});
