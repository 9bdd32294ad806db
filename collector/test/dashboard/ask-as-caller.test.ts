import { beforeEach, describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { fullReport } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { addTestPage, pageOf, type ShownPage } from '../support/test-page.js';

const QUESTIONS = [
  '/v1/stats/summary?project=acme-cli',
  '/v1/stats/timeseries?project=acme-cli&from=2026-11-01',
  '/v1/stats/breakdown?project=acme-cli&dimension=os',
  '/v1/stats/growth?project=acme-cli',
  '/v1/stats/adoption?project=acme-cli&from=2026-11-01',
  '/v1/stats/support?project=acme-cli',
  '/v1/stats/retention?project=acme-cli',
  '/v1/stats/forecast?project=acme-cli',
  '/v1/stats/annotations?project=acme-cli',
  '/v1/stats/silence?project=acme-cli',
  '/v1/stats/quality?project=acme-cli',
  '/v1/stats/projects',
  '/v1/stats/summary',
  '/v1/projects',
  '/v1/tokens',
  '/v1/audit',
];

let collector: TestCollector;
let address: string;

async function start(gather?: Parameters<typeof addTestPage>[1], options = {}): Promise<void> {
  collector = await startCollector({ ...options });
  addTestPage(collector, gather);
  const settings = { visibility: 'detailed' };
  await collector.app.inject({
    ...{ method: 'PUT', url: '/v1/projects/acme-cli', payload: settings, headers: withToken() },
  });
  for (let person = 0; person < 12; person++) {
    const anonymous_id = `9f86d081884c7d${String(person).padStart(2, '0')}`;
    await collector.post('/v1/reports', fullReport({ anonymous_id }));
  }
  address = await collector.app.listen({ port: 0, host: '127.0.0.1' });
}

async function makeToken(body: object): Promise<string> {
  return String((await collector.post('/v1/tokens', body, withToken())).body['token']);
}

async function show(
  questions: readonly string[],
  headers: Record<string, string> = {},
): Promise<ShownPage> {
  const response = await fetch(`${address}${pageOf(...questions)}`, { headers });
  expect(response.status).toBe(200);
  return (await response.json()) as ShownPage;
}

/** What a client gets that asks itself, in the form of an answer to a page. */
async function askItself(url: string, headers: Record<string, string>): Promise<object> {
  const response = await fetch(`${address}${url}`, { headers });
  const body: unknown = await response.json();
  return response.ok ? { ok: true, body } : { ok: false, status: response.status, ...codeOf(body) };
}

const codeOf = (body: unknown): object => {
  const { code, detail } = body as Record<string, unknown>;
  return { code, detail };
};

/** The members of an answer that are other ones every time. */
const CHANGES = ['headers'];

function withoutChanges(answer: unknown): unknown {
  const text = JSON.stringify(answer, (name, value: unknown) =>
    CHANGES.includes(name) ? undefined : value,
  );
  return JSON.parse(text) as unknown;
}

it('ends what it has asked when it is closed, even a stream', async () => {
  await start(async ({ ask, close }) => {
    const asked = [ask('/v1/stats/live', { project: 'acme-cli' }), ask('/v1/logs/live')];
    setImmediate(close);
    return Promise.all([...asked, Promise.all(asked).then(() => ask('/v1/stats/summary'))]);
  });
  const { answers } = await show(['/health'], withToken());
  const isOver = { ok: false, status: 500, code: 'internal_error' };
  expect(answers).toMatchObject([isOver, isOver, isOver]);
});

describe('limits:', () => {
  const questions = ['summary', 'growth', 'timeseries', 'annotations'].map(
    (name) => `/v1/stats/${name}?project=acme-cli`,
  );
  const forwarded = { 'x-forwarded-for': '203.0.113.7' };

  beforeEach(() => start(undefined, { statsRateLimit: 3, monotonicMs: () => 0 }));

  it('a page costs one, and its questions nothing', async () => {
    for (let view = 0; view < 3; view++) {
      const { answers } = await show(questions, forwarded);
      expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, true]);
    }
    const { answers } = await show(questions, forwarded);
    for (const answer of answers) {
      expect(answer).toMatchObject({ ok: false, status: 429, code: 'rate_limited' });
    }
    const asked = await fetch(`${address}/v1/stats/summary`, { headers: forwarded });
    expect(asked.status).toBe(429);
  });

  it('nothing that comes over the network passes for a question of a page', async () => {
    const forged = {
      ...forwarded,
      ...{ 'x-headcount-inner': '1', inner: 'true', 'user-agent': 'lightMyRequest' },
    };
    const statuses: number[] = [];
    for (let at = 0; at < 5; at++) {
      const response = await fetch(`${address}/v1/stats/summary`, { headers: forged });
      statuses.push(response.status);
    }
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
    expect(logged('/v1/stats/summary')).toBe(5);
  });
});

describe('a page', () => {
  beforeEach(() => start());

  it.each([
    ['the public', async () => Promise.resolve({})],
    ['a token that is not valid', async () => Promise.resolve(withToken('hct_wrong'))],
    ['restricted', async () => withToken(await makeToken({ level: 'restricted' }))],
    ['developer', async () => withToken(await makeToken({ level: 'developer' }))],
    ['administrator', async () => Promise.resolve(withToken())],
    [
      'the token of a project',
      async () => withToken(await makeToken({ level: 'restricted', project: 'acme-cli' })),
    ],
    [
      'the token of another project',
      async () => withToken(await makeToken({ level: 'developer', project: 'other' })),
    ],
  ] as [string, () => Promise<Record<string, string>>][])(
    'shows %s what the API answers them',
    async (_who, sign) => {
      const headers = await sign();
      const { answers } = await show(QUESTIONS, headers);
      for (const [at, url] of QUESTIONS.entries()) {
        const expected = withoutChanges(await askItself(url, headers));
        expect([url, withoutChanges(answers[at])]).toEqual([url, expected]);
      }
    },
  );

  it('shows a stranger less than an administrator', async () => {
    const [url] = QUESTIONS;
    const [shown, own] = [await show([String(url)]), await show([String(url)], withToken())];
    expect(shown.answers[0]).toMatchObject({ ok: true });
    expect(own.answers[0]).not.toEqual(shown.answers[0]);
    const hidden = await show(['/v1/stats/recent?project=acme-cli', '/v1/audit']);
    expect(hidden.answers).toMatchObject([
      { ok: false, status: 401, code: 'token_required' },
      { ok: false, status: 401, code: 'token_required' },
    ]);
  });

  it('gets the whole answer, whatever copy and format the browser wants', async () => {
    const tag = (await fetch(`${address}/v1/stats/summary`, { headers: withToken() })).headers;
    const { answers } = await show(['/v1/stats/summary'], {
      ...withToken(),
      'if-none-match': String(tag.get('etag')),
      accept: 'text/csv',
    });
    expect(answers).toMatchObject([{ ok: true, body: { total_users: 12 } }]);
  });

  it('is refused with two tokens, as every request is', async () => {
    const { hostname, port } = new URL(address);
    const { request } = await import('node:http');
    const text = await new Promise<string>((resolve, reject) => {
      const headers = ['host', 'localhost', ...twice('authorization', withToken().authorization)];
      request({ hostname, port, path: pageOf('/v1/audit'), headers }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve(body));
      })
        .on('error', reject)
        .end();
    });
    expect(JSON.parse(text)).toMatchObject({ answers: [{ status: 401, code: 'bad_token' }] });
  });

  it('asks nothing that is no client’s request in logs and metrics', async () => {
    const before = await requestsOf('/v1/stats/summary');
    const { answers } = await show(Array.from({ length: 5 }, () => '/v1/stats/summary?project=x'));
    expect(answers).toHaveLength(5);
    await fetch(`${address}/v1/stats/summary?project=acme-cli`);
    await expect
      .poll(() => requestsOf('/v1/stats/summary'), { timeout: 20_000, interval: 500 })
      .toBe(before + 1);
    expect(logged('/test-page')).toBe(1);
    expect(logged('/v1/stats/summary')).toBe(1);
  });
});

const twice = (name: string, value: string): string[] => [name, value, name, value];

const logged = (route: string): number => collector.log().split(`"route":"${route}"`).length - 1;

async function requestsOf(route: string): Promise<number> {
  const metrics = await (await fetch(`${address}/metrics`, { headers: withToken() })).text();
  const lines = metrics
    .split('\n')
    .filter((line) => line.includes(`route="${route}"`) && /_count\b/.test(line));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
