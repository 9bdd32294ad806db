import { once } from 'node:events';
import type { InjectOptions } from 'fastify';
import type { Manifest } from 'headcount/wire';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CollectorOptions } from '../../src/collector-options.js';
import {
  answersOf,
  createChecker,
  getDocument,
  operationsOf,
  type PlainAnswer,
  type OpenapiDocument,
} from '../support/openapi.js';
import { startMortalCollector } from '../support/die.js';
import { OWN_PAGE, signIn } from '../support/browser.js';
import { openRaw } from '../support/raw-connection.js';
import { bearer, firstGenerationReport, fullReport } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';

const TOKEN = 'the-administrator-of-tests';
const LIVE = ['GET /v1/stats/live', 'GET /v1/logs/live'];
const STRANGER = '203.0.113.9';

const manifest: Manifest = {
  manifest_version: 1,
  project: 'declared',
  report: {},
  events: { startup: { description: 'The program starts.', fields: {} } },
};

/** Where each operation is asked, if all goes well. */
const URLS: Readonly<Record<string, string>> = {
  'POST /v1/reports': '/v1/reports',
  'POST /statistics': '/statistics',
  'POST /': '/?action=statistics',
  'GET /': '/',
  'GET /v1/stats/summary': '/v1/stats/summary',
  'GET /stats': '/stats?project=acme-cli',
  'GET /v1/stats/recent': '/v1/stats/recent',
  'GET /stats/recent': '/stats/recent',
  'GET /v1/stats/live': '/v1/stats/live',
  'GET /v1/stats/timeseries': '/v1/stats/timeseries?project=acme-cli&group_by=os',
  'GET /v1/stats/breakdown': '/v1/stats/breakdown?dimension=version',
  'GET /v1/stats/retention': '/v1/stats/retention',
  'GET /v1/stats/adoption': '/v1/stats/adoption',
  'GET /v1/stats/growth': '/v1/stats/growth',
  'GET /v1/stats/support': '/v1/stats/support',
  'GET /v1/stats/forecast': '/v1/stats/forecast',
  'GET /v1/stats/annotations': '/v1/stats/annotations',
  'GET /v1/stats/silence': '/v1/stats/silence?project=acme-cli',
  'GET /v1/stats/quality': '/v1/stats/quality',
  'GET /v1/stats/projects': '/v1/stats/projects',
  'GET /v1/badge.svg': '/v1/badge.svg?project=acme-cli',
  'GET /v1/badge.json': '/v1/badge.json?project=acme-cli',
  'GET /v1/charts/active.svg': '/v1/charts/active.svg?project=acme-cli',
  'GET /v1/charts/versions.svg': '/v1/charts/versions.svg?project=acme-cli',
  'GET /v1/charts/systems.svg': '/v1/charts/systems.svg?project=acme-cli',
  'GET /v1/users/{anonymous_id}': '/v1/users/9f86d081884c7d65?project=acme-cli',
  'DELETE /v1/users/{anonymous_id}': '/v1/users/9f86d081884c7d65?project=acme-cli',
  'GET /v1/projects': '/v1/projects',
  'GET /v1/projects/{project}': '/v1/projects/acme-cli',
  'PUT /v1/projects/{project}': '/v1/projects/acme-cli',
  'DELETE /v1/projects/{project}': '/v1/projects/declared',
  'POST /v1/projects/{project}/write-key': '/v1/projects/acme-cli/write-key',
  'DELETE /v1/projects/{project}/write-key': '/v1/projects/acme-cli/write-key',
  'PUT /v1/projects/{project}/manifest': '/v1/projects/declared/manifest',
  'GET /v1/projects/{project}/manifest': '/v1/projects/declared/manifest',
  'DELETE /v1/projects/{project}/manifest': '/v1/projects/declared/manifest',
  'GET /v1/projects/{project}/annotations': '/v1/projects/acme-cli/annotations',
  'POST /v1/projects/{project}/annotations': '/v1/projects/acme-cli/annotations',
  'PATCH /v1/projects/{project}/annotations/{id}': '/v1/projects/acme-cli/annotations/0123456789',
  'DELETE /v1/projects/{project}/annotations/{id}': '/v1/projects/acme-cli/annotations/0123456789',
  'GET /v1/cleanings': '/v1/cleanings',
  'GET /v1/cleanings/{id}': '/v1/cleanings/00000000',
  'POST /v1/projects/{project}/cleanings': '/v1/projects/acme-cli/cleanings',
  'DELETE /v1/cleanings/{id}': '/v1/cleanings/00000000',
  'GET /v1/tokens': '/v1/tokens',
  'POST /v1/tokens': '/v1/tokens',
  'POST /v1/tokens/{id}/rotate': '/v1/tokens/nobody/rotate',
  'DELETE /v1/tokens/{id}': '/v1/tokens/nobody',
  'GET /v1/tokens/{id}/sessions': '/v1/tokens/nobody/sessions',
  'DELETE /v1/tokens/{id}/sessions': '/v1/tokens/nobody/sessions',
  'DELETE /v1/tokens/{id}/sessions/{session}': '/v1/tokens/nobody/sessions/nothing',
  'GET /v1/session': '/v1/session',
  'POST /v1/session': '/v1/session',
  'DELETE /v1/session': '/v1/session',
  'GET /v1/audit': '/v1/audit',
  'DELETE /v1/collectors/{journal}': '/v1/collectors/0123456789ab',
  'GET /v1/logs': '/v1/logs?level=info',
  'GET /v1/logs/counts': '/v1/logs/counts',
  'GET /v1/logs/live': '/v1/logs/live',
  'DELETE /v1/logs': '/v1/logs',
  'GET /logs': '/logs?lines=200&level=&source=',
  'GET /logs/stats': '/logs/stats',
  'POST /logs/clear': '/logs/clear',
  'GET /v1/retention': '/v1/retention',
  'GET /v1/export': '/v1/export?what=users',
  'POST /v1/retention/runs': '/v1/retention/runs',
  'GET /health': '/health',
  'GET /metrics': '/metrics',
  'GET /v1/performance': '/v1/performance',
  'GET /livez': '/livez',
  'GET /readyz': '/readyz',
  'GET /openapi.json': '/openapi.json',
};

const BODIES: Readonly<Record<string, unknown>> = {
  'POST /v1/reports': { sent_at: '2026-11-22T20:59:00.000Z', reports: [fullReport(), 7] },
  'POST /statistics': firstGenerationReport(),
  'POST /': fullReport(),
  'POST /v1/retention/runs': { dry_run: false },
  'POST /v1/projects/{project}/cleanings': { where: { dimension: 'version', value: '9.9.9' } },
  'POST /v1/session': { token: TOKEN },
  'POST /v1/tokens': { level: 'restricted', project: 'other' },
  'POST /v1/projects/{project}/annotations': { date: '2026-11-20', text: 'A note' },
  'PATCH /v1/projects/{project}/annotations/{id}': { text: 'Another note' },
  'PUT /v1/projects/{project}': {
    ...{ status: 'open', timezone: 'Asia/Kathmandu', badge: true },
    visibility: 'detailed',
  },
  'PUT /v1/projects/{project}/manifest': manifest,
};

/**
 * What nobody can bring about from outside, and what takes a disk that is full, see
 * faults/full-disk.test.ts, many full projects, see stats/too-costly.test.ts, or many notes, see
 * access/annotations-routes.test.ts, or another collector, see postgres/gone-collector.test.ts.
 */
const UNREACHABLE =
  /^\S+ \S+ 500 |^(PUT|POST|PATCH|DELETE) \/v1\/(projects|cleanings|tokens|session)\S* 507 |(\/cleanings|\/annotations|^DELETE \/v1\/projects\/\{project\}) 409 |(stats|charts)\S* 422 |collectors\S* 204/;

let document: OpenapiDocument;
let checker: ReturnType<typeof createChecker>;
let names: readonly string[];

const start = async (options: Partial<CollectorOptions> = {}): Promise<TestCollector> =>
  startCollector({ adminToken: TOKEN, ...options });

type Changes = Pick<InjectOptions, 'headers' | 'payload' | 'url' | 'remoteAddress'>;

/** Asks a collector for an operation, as all goes well but for the changes. */
async function send(
  { app }: TestCollector,
  name: string,
  { headers = {}, payload, ...changes }: Changes = {},
): Promise<PlainAnswer> {
  const [method] = name.split(' ') as ['GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'];
  const body = payload ?? (name in BODIES ? JSON.stringify(BODIES[name]) : undefined);
  const response = await app.inject({
    method,
    url: URLS[name] ?? '',
    headers: {
      ...OWN_PAGE,
      ...(takesToken(name) && bearer(TOKEN)),
      ...(isOwners(name) && bearer()),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { payload: body }),
    ...changes,
  });
  return { status: response.statusCode, headers: response.headers, text: response.body };
}

/** Asks, and checks the answer against the document. */
async function ask(
  collector: TestCollector,
  name: string,
  status: number,
  changes: Changes = {},
): Promise<void> {
  const answer = await send(collector, name, changes);
  expect([name, answer]).toEqual([name, { ...answer, status }]);
  checker.check(name, answer);
}

/** Asks until there is an answer with a status, and checks that. */
async function insist(
  collector: TestCollector,
  name: string,
  status: number,
  changes: Changes = {},
): Promise<void> {
  await until(`${name} is answered with ${status}`, async () => {
    const answer = await send(collector, name, changes);
    if (answer.status === status) checker.check(name, answer);
    return answer.status === status;
  });
}

const takesReports = (name: string): boolean =>
  name === 'POST /v1/reports' || name === 'POST /statistics' || name === 'POST /';
const isAboutCleaning = (name: string): boolean =>
  name.includes('/cleanings') || name === 'DELETE /v1/projects/{project}';
/** Whether it is about something that has an ID once it is made. */
const needsMade = (name: string): boolean =>
  name.includes('/v1/tokens') || name.includes('/annotations/');
const isForAll = (name: string): boolean => /\/v1\/(badge|charts)/.test(name);
const isOwners = (name: string): boolean => name.includes('/v1/users/');
const takesToken = (name: string): boolean =>
  /stats|projects|health|metrics|performance|retention|export|cleanings|tokens|audit|collectors|logs/.test(
    name,
  );
const isAdmin = (name: string): boolean =>
  /\/v1\/(projects|retention|export|cleanings|tokens|audit|collectors)/.test(name);

/** A request that keeps a collector from closing until another one is sent behind it. */
async function holdOpen(url: string): Promise<(target: string) => Promise<string>> {
  const raw = await openRaw(url);
  const head = 'Host: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n';
  raw.write(`POST /v1/reports HTTP/1.1\r\n${head}{`);
  return async (target) => {
    raw.write(`}${target} HTTP/1.1\r\n${head}{}`);
    await once(raw.socket, 'close');
    const [, answer = ''] = raw.received().split(/(?<!^)(?=HTTP\/1\.1 \d)/);
    return answer;
  };
}

function parseAnswer(answer: string): PlainAnswer {
  const [head = '', text = ''] = answer.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => {
    const [name = '', ...value] = line.split(': ');
    return [name.toLowerCase(), value.join(': ')];
  });
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(headers) as Record<string, string>,
    text,
  };
}

beforeAll(async () => {
  const undo: (() => void | Promise<void>)[] = [];
  document = await getDocument(await startCollector({}, (step) => undo.unshift(step)));
  for (const step of undo) await step();
  checker = createChecker(document);
  names = [...operationsOf(document).keys()];
});

describe('every answer is as the OpenAPI document says', () => {
  it('where all goes well', async () => {
    const collector = await start();
    expect(Object.keys(URLS).sort()).toEqual([...names].sort());
    await ask(collector, 'PUT /v1/projects/{project}', 201);
    await ask(collector, 'PUT /v1/projects/{project}/manifest', 200);
    const statuses: Record<string, number> = {
      'POST /v1/reports': 202,
      'DELETE /v1/users/{anonymous_id}': 202,
      'POST /v1/retention/runs': 202,
      'POST /v1/projects/{project}/write-key': 201,
      'DELETE /v1/projects/{project}/write-key': 204,
      'DELETE /v1/projects/{project}/manifest': 204,
      'POST /v1/projects/{project}/annotations': 201,
      'DELETE /v1/session': 204,
      'DELETE /v1/collectors/{journal}': 404,
    };
    // In the order of the routes a project gets a key last.
    for (const name of names) {
      // Its answer never ends; see below.
      if (!LIVE.includes(name) && !isAboutCleaning(name) && !needsMade(name))
        await ask(collector, name, statuses[name] ?? 200);
    }
    const made = await send(collector, 'POST /v1/tokens');
    const { id } = JSON.parse(made.text) as { id: string };
    const token = { url: `/v1/tokens/${id}` };
    await ask(collector, 'POST /v1/tokens', 201);
    await ask(collector, 'POST /v1/tokens', 422, { payload: '{"level":"restricted","name":7}' });
    await ask(collector, 'GET /v1/tokens', 200);
    await ask(collector, 'POST /v1/tokens/{id}/rotate', 201, { url: `${token.url}/rotate` });
    await ask(collector, 'POST /v1/tokens/{id}/rotate', 422, { url: '/v1/tokens/first/rotate' });
    const signedIn = { url: `${token.url}/sessions` };
    await ask(collector, 'GET /v1/tokens/{id}/sessions', 200, signedIn);
    await ask(collector, 'DELETE /v1/tokens/{id}/sessions', 204, signedIn);
    await signIn(collector, TOKEN);
    const own = '/v1/tokens/environment/sessions';
    const listed = await send(collector, 'GET /v1/tokens/{id}/sessions', { url: own });
    const [session] = (JSON.parse(listed.text) as { sessions: { id: string }[] }).sessions;
    await ask(collector, 'DELETE /v1/tokens/{id}/sessions/{session}', 204, {
      url: `${own}/${session?.id}`,
    });
    await ask(collector, 'DELETE /v1/tokens/{id}', 204, token);
    const notes = 'POST /v1/projects/{project}/annotations';
    const backwards = { date: '2026-11-20', to: '2026-11-19', text: 'A note' };
    await ask(collector, notes, 422, { payload: JSON.stringify(backwards) });
    const noted = JSON.parse((await send(collector, notes)).text) as { id: string };
    const note = { url: `${URLS[notes]}/${noted.id}` };
    await ask(collector, 'PATCH /v1/projects/{project}/annotations/{id}', 200, note);
    await ask(collector, 'DELETE /v1/projects/{project}/annotations/{id}', 204, note);
    const clean = 'POST /v1/projects/{project}/cleanings';
    await ask(collector, clean, 200, { payload: JSON.stringify({ dry_run: true }) });
    await ask(collector, clean, 202);
    await ask(collector, clean, 422, { payload: JSON.stringify({ new: true }) });
    await ask(collector, 'GET /v1/cleanings', 200);
    const { text } = await send(collector, 'GET /v1/cleanings');
    const [cleaning] = (JSON.parse(text) as { cleanings: { id: string }[] }).cleanings;
    const url = `/v1/cleanings/${cleaning?.id}`;
    await ask(collector, 'GET /v1/cleanings/{id}', 200, { url });
    await ask(collector, 'DELETE /v1/cleanings/{id}', 202, { url });
    await ask(collector, 'DELETE /v1/cleanings/{id}', 409, { url });
    const accept = 'application/openmetrics-text';
    await ask(collector, 'GET /metrics', 200, { headers: { accept } });
    await ask(collector, 'PUT /v1/projects/{project}/manifest', 200);
    await ask(collector, 'DELETE /v1/projects/{project}', 202);
    await ask(collector, 'DELETE /v1/projects/{project}', 404);
    const answers = answersOf(document);
    for (const name of names) {
      const url = `${URLS[name]}${URLS[name]?.includes('?') ? '&' : '?'}`;
      if (answers.includes(`${name} 200 text/csv`)) {
        await ask(collector, name, 200, { url: `${url}format=csv` });
        await ask(collector, name, 200, { url: `${url}format=ndjson` });
      }
      if (answers.includes(`${name} 304`)) {
        // What was asked for above can still be counted, and then the answer has another tag.
        await until(`${name} is answered with 304`, async () => {
          const { headers } = await send(collector, name);
          const tagged = { headers: { 'if-none-match': String(headers['etag']) } };
          const answer = await send(collector, name, tagged);
          if (answer.status === 304) checker.check(name, answer);
          return answer.status === 304;
        });
      }
    }
  });

  it.each(LIVE)('where it goes on and on: %s', async (name) => {
    const collector = await start();
    const url = await collector.app.listen({ port: 0, host: '127.0.0.1' });
    const response = await fetch(`${url}${URLS[name]}`, { headers: bearer(TOKEN) });
    await collector.close();
    checker.check(name, {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      text: await response.text(),
    });
  });

  it('where parameters are wrong', async () => {
    const collector = await start();
    for (const name of names.filter((one) => isAdmin(one) && one.includes('{'))) {
      const long = name.split(' ')[1]?.replace('{project}', 'x'.repeat(215)) ?? '';
      await ask(collector, name, 400, { url: long });
    }
    for (const name of names.filter(
      (one) =>
        /stats|users|export|audit|performance|logs|badge|charts/.test(one) && one.startsWith('GET'),
    )) {
      await ask(collector, name, 400, { url: `${URLS[name]?.split('?')[0]}?nonsense=1` });
    }
    await ask(collector, 'DELETE /v1/users/{anonymous_id}', 400, { url: '/v1/users/x' });
    await ask(collector, 'GET /v1/projects', 400, { url: '/v1/projects?limit=0' });
  });

  it('where the log has no files', async () => {
    const collector = await start({ logBytesLimit: 0 });
    for (const name of names.filter((one) => /logs/.test(one) && !LIVE.includes(one))) {
      await ask(collector, name, 404);
    }
  });

  it('where a body is wrong', async () => {
    const collector = await start();
    for (const name of Object.keys(BODIES)) {
      const post = async (status: number, payload: string, headers = {}): Promise<void> =>
        ask(collector, name, status, { payload, headers });
      await post(400, '{');
      await post(400, 'x', { 'content-encoding': 'gzip' });
      await post(400, '{"__proto__":{}}');
      await post(413, `{"x":"${'x'.repeat(1024 * 1024)}"}`);
      await post(413, '['.repeat(40) + ']'.repeat(40));
      await post(415, '{}', { 'content-type': 'text/plain' });
      await post(415, '{}', { 'content-encoding': 'zstd' });
      await post(422, '[]');
    }
    for (const name of names.filter(takesReports)) {
      for (const report of [
        {},
        { ...fullReport(), project: '' },
        { ...fullReport(), event: 'a\0' },
      ]) {
        await ask(collector, name, 422, { payload: JSON.stringify(report) });
      }
    }
    const zone = JSON.stringify({ timezone: 'Mars/Olympus' });
    await ask(collector, 'PUT /v1/projects/{project}', 422, { payload: zone });
    await ask(collector, 'PUT /v1/projects/{project}/manifest', 422, { payload: '{}' });
  });

  it('where somebody may not', async () => {
    const collector = await start();
    for (const name of names.filter(takesToken)) {
      await ask(collector, name, 401, { headers: { authorization: 'Bearer nobody' } });
    }
    const wrong = { authorization: 'Bearer nobody' };
    for (const name of ['GET /v1/session', 'DELETE /v1/session']) {
      await ask(collector, name, 401, { headers: wrong });
    }
    await ask(collector, 'POST /v1/session', 401, { payload: '{"token":"nobody"}' });
    const { cookie } = await signIn(collector, TOKEN);
    await ask(collector, 'DELETE /v1/session', 403, { headers: { cookie } });
    const foreign = { 'sec-fetch-site': 'cross-site' };
    await ask(collector, 'POST /v1/session', 403, { headers: foreign });
    const made = await send(collector, 'POST /v1/tokens');
    const { token } = JSON.parse(made.text) as { token: string };
    for (const name of names.filter((one) => takesToken(one) && one !== 'GET /health')) {
      const [path = ''] = URLS[name]?.split('?') ?? [];
      const isOfProject = path.includes('stats') && path !== '/v1/stats/projects';
      const dimension = path.endsWith('breakdown') ? '&dimension=os' : '';
      const query = isOfProject ? `?project=hidden${dimension}` : '';
      await ask(collector, name, 403, { url: `${path}${query}`, headers: bearer(token) });
    }
    for (const name of names.filter(isOwners)) {
      await ask(collector, name, 403, { url: '/v1/users/ci-github-actions?project=acme-cli' });
    }
    await ask(collector, 'PUT /v1/projects/{project}', 201);
    await ask(collector, 'POST /v1/projects/{project}/write-key', 201);
    for (const name of names.filter(takesReports)) {
      const payload = JSON.stringify(fullReport());
      await ask(collector, name, 401, { payload });
      await ask(collector, name, 403, { payload, headers: { authorization: 'Bearer another' } });
    }
  });

  it('where there is nothing', async () => {
    const collector = await start();
    await ask(collector, 'PUT /v1/projects/{project}', 201);
    for (const name of names.filter((one) => isAdmin(one) && one.includes('{'))) {
      if (name.startsWith('PUT')) continue;
      await ask(collector, name, 404, {
        url: URLS[name]?.replace(/acme-cli|declared/, 'nobody') ?? '',
      });
    }
    for (const name of names.filter(isOwners)) {
      await ask(collector, name, 404);
      await ask(collector, name, 404, { headers: { authorization: '' } });
    }
    for (const name of names.filter(isForAll)) {
      await ask(collector, name, 404, { url: URLS[name]?.replace('acme-cli', 'nobody') ?? '' });
    }
    const payload = JSON.stringify({ status: 'closed' });
    await ask(collector, 'PUT /v1/projects/{project}', 200, { payload });
    for (const name of names.filter(takesReports)) {
      await ask(collector, name, 410, { payload: JSON.stringify(fullReport()) });
    }
  });

  it('where somebody asks too often', async () => {
    const collector = await start({ rateLimit: 1, statsRateLimit: 1 });
    const often = (times: number, url: string): Promise<unknown> =>
      Promise.all(
        Array.from({ length: times }, () =>
          collector.app.inject({ url, remoteAddress: STRANGER, headers: bearer('x'.repeat(64)) }),
        ),
      );
    await often(20, '/v1/users/x?project=x');
    await often(60, '/v1/projects');
    const headers = bearer('x'.repeat(64));
    for (const name of names) {
      if (takesReports(name) || takesToken(name) || isOwners(name) || isForAll(name)) {
        await insist(collector, name, 429, { remoteAddress: STRANGER, headers });
      }
    }
    for (const name of names.filter((one) => one.endsWith('/v1/session'))) {
      const payload = name.startsWith('POST') ? { payload: '{"token":"nobody"}' } : {};
      await insist(collector, name, 429, { remoteAddress: STRANGER, headers, ...payload });
    }
  });

  it('where the disk is full', async () => {
    const collector = await startMortalCollector({
      maxJournalBytes: 48 * 1024,
      adminToken: TOKEN,
    });
    // What is not counted stays in the journal.
    await collector.letDie('counting-thread');
    for (const name of names.filter(takesReports)) await insist(collector, name, 507);
    // An owner is known only once everything is counted.
    const deletion = 'DELETE /v1/users/{anonymous_id}';
    await insist(collector, deletion, 507, { headers: bearer(TOKEN) });
    for (const name of names.filter(isOwners)) await ask(collector, name, 503);
  });

  it('where a part of it is broken', async () => {
    const collector = await startMortalCollector({ adminToken: TOKEN });
    await collector.letDie('question-thread');
    await ask(collector, 'GET /health', 503);
    await collector.letDie('counts-reader-thread');
    const asksCounts = (one: string): boolean =>
      /stats|GET .*users|performance/.test(one) && !/logs/.test(one);
    for (const name of names.filter(asksCounts)) {
      if (!takesReports(name)) await ask(collector, name, 503);
    }
  });

  it('where the clock has jumped', async () => {
    let at = Date.now();
    const collector = await start({ now: () => new Date(at), maxClockJumpMs: 1000 });
    await ask(collector, 'POST /v1/reports', 202);
    at += 86_400_000;
    await ask(collector, 'GET /health', 503);
    await ask(collector, 'GET /readyz', 503);
    for (const name of [...names.filter(takesReports), 'DELETE /v1/users/{anonymous_id}']) {
      await ask(collector, name, 503);
    }
  });

  it('where it is shutting down', async () => {
    const collector = await start();
    const url = await collector.app.listen({ port: 0, host: '127.0.0.1' });
    const { server } = collector.app;
    let begun = 0;
    server.on('request', () => begun++);
    const held = await Promise.all(names.map(async () => holdOpen(url)));
    await until('all have begun', () => begun === names.length);
    const closed = collector.close();
    await until('it does not listen', () => !server.listening);
    // All at once: a collector cuts off what is not answered 5 seconds after it begins to close, and
    // one by one they took longer on a machine that is busy.
    const answers = await Promise.all(
      names.map(async (name, index) => held[index]?.(`${name.split(' ')[0]} ${URLS[name]}`)),
    );
    for (const [index, name] of names.entries()) {
      const answer = parseAnswer(answers[index] ?? '');
      // The process lives until it has ended: only then may a supervisor start another.
      expect([name, answer.status]).toEqual([name, name === 'GET /livez' ? 200 : 503]);
      checker.check(name, answer);
    }
    await closed;
  });

  it('and every answer of the document was given here', () => {
    const documented = answersOf(document);
    const missing = documented.filter((one) => !checker.seen.has(one) && !UNREACHABLE.test(one));
    expect(missing).toEqual([]);
  });
});
