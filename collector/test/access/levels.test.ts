import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLIC_QUESTIONS } from '../../src/access/public-part.js';
import { withToken } from '../support/admin-token.js';
import { OWN_PAGE } from '../support/browser.js';
import { getDocument, operationsOf } from '../support/openapi.js';
import { fullReport } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';

const PAGE = readFileSync(new URL('../../../docs/collector/access.md', import.meta.url), 'utf8');

/** Who asks, in the order of the columns of the page. */
const ASKERS = [
  'none',
  'wrong',
  'expired',
  'other project',
  'project',
  'restricted',
  'developer',
  'administrator',
  'write key',
] as const;

type Asker = (typeof ASKERS)[number];

/** The rows of the page's table of routes: the statuses for each asker. */
const TABLE = new Map(
  PAGE.split('\n').flatMap((line): [string, string[]][] => {
    const [, name, ...cells] = line.split('|').map((cell) => cell.trim());
    const [, route] = /^`((?:GET|POST|PUT|PATCH|DELETE) [^`]+)`$/.exec(name ?? '') ?? [];
    return route === undefined ? [] : [[route, cells.slice(0, ASKERS.length)]];
  }),
);

const NOW = new Date('2026-11-22T21:00:00.000Z');

let collector: TestCollector;
let address: string;
let tokens: Readonly<Record<Asker, string | undefined>>;
const undo: (() => void | Promise<void>)[] = [];

async function make(body: object): Promise<string> {
  return String((await collector.post('/v1/tokens', body, withToken())).body['token']);
}

beforeAll(async () => {
  let now = NOW;
  collector = await startCollector({ now: () => now, monotonicMs: next }, (step) =>
    undo.unshift(step),
  );
  await collector.post('/v1/reports', fullReport({ project: 'acme-cli' }));
  const key = await collector.post('/v1/projects/acme-cli/write-key', '{}', withToken());
  const expires_at = new Date(NOW.getTime() + 1000).toISOString();
  tokens = {
    none: undefined,
    wrong: 'hct_wrong',
    expired: await make({ level: 'administrator', expires_at }),
    'other project': await make({ level: 'developer', project: 'other' }),
    project: await make({ level: 'restricted', project: 'acme-cli' }),
    restricted: await make({ level: 'restricted' }),
    developer: await make({ level: 'developer' }),
    administrator: await make({ level: 'administrator' }),
    'write key': String(key.body['write_key']),
  };
  now = new Date(NOW.getTime() + 2000);
  address = await collector.app.listen({ port: 0, host: '127.0.0.1' });
});

afterAll(async () => {
  for (const step of undo) await step();
});

/** So much time between two requests that no limit is met. */
let ms = 0;
const next = (): number => (ms += 60_000);

const NO_TOKEN = '0'.repeat(10);

/** Where a route is asked. */
function urlOf(route: string): string {
  const [, path = ''] = route.split(' ');
  const url = path
    // The project must not be gone for the routes that follow.
    .replace('{project}', route === 'DELETE /v1/projects/{project}' ? 'gone' : 'acme-cli')
    .replace('{anonymous_id}', 'somebody')
    .replace(/\{(?:id|session|journal)\}/g, NO_TOKEN);
  const query = path.startsWith('/v1/stats/projects') ? '' : 'project=acme-cli';
  const more = path === '/v1/stats/breakdown' ? '&dimension=os' : '';
  if (/stats|users/.test(path)) return `${url}?${query}${more}`;
  return path === '/' && route.startsWith('POST') ? '/?action=statistics' : url;
}

/** The level that a route must let through, told from the status that follows on it. */
const isOpen = (status: number): boolean => status !== 401 && status !== 403;

async function statusOf(method: string, url: string, asker: Asker): Promise<number> {
  const token = tokens[asker];
  if (/^\/v1\/(stats|logs)\/live/.test(url)) return streamStatus(url, token);
  const { statusCode } = await collector.app.inject({
    method: method as 'GET',
    url,
    headers: {
      ...OWN_PAGE,
      ...(token !== undefined && withToken(token)),
      ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
    },
    ...(method === 'GET' ? {} : { payload: '{"unknown":1}' }),
  });
  return statusCode;
}

/** A stream never ends, so it is left when its status is there. */
async function streamStatus(path: string, token: string | undefined): Promise<number> {
  const headers = token === undefined ? {} : withToken(token);
  const response = await fetch(`${address}${path}`, { headers });
  await response.body?.cancel();
  return response.status;
}

describe('the table of routes', () => {
  it('has every route of the document, and no other', async () => {
    const document = await getDocument(collector);
    expect([...TABLE.keys()].sort()).toEqual([...operationsOf(document).keys()].sort());
    for (const [name, operation] of operationsOf(document)) {
      expect([name, (operation as { 'x-level'?: string })['x-level']]).toEqual([
        name,
        expect.stringMatching(/^(public|restricted|developer|administrator)$/),
      ]);
    }
  });

  it.each([...TABLE])('says who is let in at %s', async (route, cells) => {
    const [method = ''] = route.split(' ');
    expect(cells).toHaveLength(ASKERS.length);
    for (const [at, asker] of ASKERS.entries()) {
      const status = await statusOf(method, urlOf(route), asker);
      const expected = cells[at] ?? '';
      const told = isOpen(status) ? 'yes' : String(status);
      expect([route, asker, status, told]).toEqual([route, asker, status, expected]);
    }
  });

  it('holds for other ways to write a path', async () => {
    for (const url of [
      '/v1/tokens/',
      '/v1/tokens?x',
      '/v1/%74okens',
      '//v1/tokens',
      '/v1//tokens',
      '/v1/projects/%2e%2e/tokens',
      '/V1/TOKENS',
      '/v1/tokens;a=b',
      '/v1/tokens%00',
      '/v1/tokens#x',
      '/stats/recent/',
      '/v1/stats/../tokens',
    ]) {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PATCH', 'TRACE']) {
        const { statusCode, body } = await collector.app.inject({ method: method as 'GET', url });
        // OPTIONS says which methods a path has, to anybody.
        const isRefused = statusCode >= 400 || (method === 'OPTIONS' && statusCode === 204);
        expect([method, url, statusCode, isRefused]).toEqual([method, url, statusCode, true]);
        expect(body).not.toContain('"tokens"');
      }
    }
  });

  it('holds for every way to send a token', async () => {
    const token = tokens.administrator ?? '';
    const url = '/v1/tokens';
    const ask = async (headers: Record<string, string | string[]>, path = url) =>
      (await collector.app.inject({ url: path, headers })).statusCode;
    expect(await ask({ authorization: `Bearer ${token}` })).toBe(200);
    expect(await ask({ AUTHORIZATION: `bearer ${token}` })).toBe(200);
    for (const authorization of [
      token,
      `Basic ${token}`,
      `Bearer Bearer ${token}`,
      `Bearer ${token} ${token}`,
      `Bearer ${token}, Bearer ${token}`,
      `Bearer ${token}x`,
      `Bearer ${token.toUpperCase()}`,
      `Bearer ${token.slice(0, -1)}`,
      'Bearer ',
      'Bearer',
      '',
      `Bearer ${'x'.repeat(10_000)}`,
    ]) {
      expect([authorization, await ask({ authorization })]).toEqual([authorization, 401]);
    }
    for (const headers of [
      { 'x-authorization': `Bearer ${token}` },
      { 'proxy-authorization': `Bearer ${token}` },
      { cookie: `token=${token}` },
      { 'x-api-key': token },
    ]) {
      expect(await ask(headers)).toBe(401);
    }
    expect(await ask({}, `${url}?access_token=${token}`)).toBe(401);
  });
});

describe('the table of what is public', () => {
  it('is in the page as it is in the code', () => {
    const rows = PUBLIC_QUESTIONS.flatMap(({ paths, fields }) =>
      Object.entries(fields).map(([field, visibility]) => {
        const name = field === '*' ? 'everything' : `\`${field}\``;
        return [paths.map((path) => `\`${path}\``).join(', '), name, `\`${visibility}\``];
      }),
    );
    const printed = PAGE.split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .filter(([, first = '']) => first.startsWith('`/'))
      .map((cells) => cells.slice(1, 4));
    expect(printed).toEqual(rows);
  });
});
