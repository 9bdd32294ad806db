import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bucketLabels, type Manifest } from 'headcount/wire';
import { describe, expect, it } from 'vitest';
import type { CollectorOptions } from '../../src/collector-options.js';
import { bearer, firstGenerationReport, fullReport } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const TOKEN = 'the-administrator-of-tests';

interface Admin extends TestCollector {
  readonly ask: (
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    url: string,
    body?: unknown,
    token?: string,
  ) => Promise<{ status: number; body: Record<string, unknown>; headers: Record<string, unknown> }>;
}

async function start(options: Partial<CollectorOptions> = {}): Promise<Admin> {
  const collector = await startCollector({ adminToken: TOKEN, ...options });
  return {
    ...collector,
    ask: async (method, url, body, token = TOKEN) => {
      const response = await collector.app.inject({
        method,
        url,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { payload: JSON.stringify(body) }),
      });
      return {
        status: response.statusCode,
        headers: response.headers,
        body: response.body === '' ? {} : response.json<Record<string, unknown>>(),
      };
    },
  };
}

const manifest: Manifest = {
  manifest_version: 1,
  project: 'acme-cli',
  report: {},
  events: {
    startup: { description: 'The program starts.', fields: {} },
    build: {
      description: 'A build ends.',
      fields: {
        bundler: { kind: 'enum', values: ['vite', 'webpack'] },
        ms: { kind: 'bucket', bounds: [100], values: bucketLabels([100]) },
      },
    },
  },
};

const manifestOf = (project: string): Manifest => ({ ...manifest, project });

describe('/v1/projects', () => {
  it('is the administrator’s', async () => {
    const collector = await start();
    for (const token of ['', 'wrong', `${TOKEN}x`, TOKEN.slice(1)]) {
      const answer = await collector.ask('GET', '/v1/projects', undefined, token);
      expect(answer).toMatchObject({ status: 401, body: { code: 'bad_token' } });
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    }
    expect(await collector.ask('GET', '/v1/projects')).toMatchObject({
      status: 200,
      body: { projects: [] },
    });
    expect(collector.log()).not.toContain(TOKEN);
  });

  it('lists the projects, however they came to be', async () => {
    const collector = await start();
    await collector.post('/v1/reports', fullReport({ project: 'by-report' }));
    const created = await collector.ask('PUT', '/v1/projects/%40acme%2Fcli', {});
    expect(created).toMatchObject({ status: 201, body: { project: '@acme/cli', status: 'open' } });
    await collector.ask('PUT', '/v1/projects/acme-cli/manifest', manifest);
    expect((await collector.ask('GET', '/v1/projects')).body['projects']).toEqual([
      {
        project: '@acme/cli',
        status: 'open',
        timezone: 'UTC',
        visibility: 'summary',
        badge: false,
        created_at: '2026-11-22T21:00:00.000Z',
        coverage: null,
        ended: {},
        invented: false,
        has_write_key: false,
        has_manifest: false,
      },
      {
        project: 'acme-cli',
        status: 'open',
        timezone: 'UTC',
        visibility: 'summary',
        badge: false,
        created_at: null,
        coverage: null,
        ended: {},
        invented: false,
        has_write_key: false,
        has_manifest: true,
      },
      {
        project: 'by-report',
        status: 'open',
        timezone: 'UTC',
        visibility: 'summary',
        badge: false,
        created_at: null,
        coverage: null,
        ended: {},
        invented: false,
        has_write_key: false,
        has_manifest: false,
      },
    ]);
    expect(await collector.ask('GET', '/v1/projects/nobody')).toMatchObject({ status: 404 });
    expect(await collector.ask('POST', '/v1/projects/nobody/write-key')).toMatchObject({
      status: 404,
    });
  });

  it('is limited', async () => {
    const collector = await start({ monotonicMs: () => 0 });
    let status = 0;
    for (let n = 0; n <= 301 && status !== 429; n++) {
      ({ status } = await collector.ask('GET', '/v1/projects', undefined, 'wrong'));
    }
    expect(status).toBe(429);
  });
});

describe('a closed project', () => {
  it('answers 410, alone and in a batch, and opens again', async () => {
    const data = temporaryFolder();
    const collector = await start({ data });
    await collector.post('/v1/reports', fullReport());
    expect(await collector.ask('PUT', '/v1/projects/acme-cli', { status: 'closed' })).toMatchObject(
      { status: 200, body: { status: 'closed' } },
    );
    const gone = { status: 410, body: { code: 'project_closed', path: '/project' } };
    expect(await collector.post('/v1/reports', fullReport())).toMatchObject(gone);
    expect(await collector.post('/statistics', firstGenerationReport())).toMatchObject(gone);
    const reports = [fullReport(), fullReport()];
    expect(await collector.post('/v1/reports', { reports })).toMatchObject({
      status: 410,
      body: {
        path: '/reports/0/project',
        rejected: [
          { index: 0, code: 'project_closed', path: '/project', retry: false },
          { index: 1, code: 'project_closed', path: '/project', retry: false },
        ],
      },
    });
    // A client stops for good at 410: one report that is wrong in another way speaks for both.
    expect(await collector.post('/v1/reports', { reports: [fullReport(), 7] })).toMatchObject({
      status: 422,
      body: { code: 'wrong_type', path: '/reports/1' },
    });
    expect(
      await collector.post('/v1/reports', {
        reports: [fullReport(), fullReport({ project: 'b' })],
      }),
    ).toMatchObject({
      status: 202,
      body: { accepted: 1, rejected: [{ index: 0, code: 'project_closed' }] },
    });
    // What is kept can still be seen and deleted by those it is of.
    const mine = '/v1/users/9f86d081884c7d65?project=acme-cli';
    expect((await collector.get(mine, bearer())).body).toMatchObject({ total_reports: 1 });
    expect((await collector.delete(mine, bearer())).status).toBe(202);
    await collector.close();

    const again = await start({ data });
    expect(await again.post('/v1/reports', fullReport())).toMatchObject(gone);
    await again.ask('PUT', '/v1/projects/acme-cli', { status: 'open' });
    expect((await again.post('/v1/reports', fullReport())).status).toBe(202);
  });

  it('is every one that the administrator has not created, where projects are closed', async () => {
    const data = temporaryFolder();
    const before = await start({ data });
    await before.post('/v1/reports', fullReport({ project: 'long-known' }));
    await before.close();

    const collector = await start({ data, projects: 'closed' });
    const status = async (project: string) =>
      (await collector.post('/v1/reports', fullReport({ project }))).status;
    expect(await status('acme-cli')).toBe(410);
    expect(await status('long-known')).toBe(202);
    await collector.ask('PUT', '/v1/projects/acme-cli', {});
    expect(await status('acme-cli')).toBe(202);
    await collector.ask('PUT', '/v1/projects/declared/manifest', {
      ...manifest,
      project: 'declared',
    });
    expect(await status('declared')).toBe(202);
    expect(await status('acme-cli ')).toBe(410);
  });
});

describe('the number of projects', () => {
  it('is bounded, also after a start; what is refused may be sent again', async () => {
    const data = temporaryFolder();
    const first = await start({ data, maxProjects: 2 });
    const send = (collector: Admin, project: string) =>
      collector.post('/v1/reports', fullReport({ project }));
    expect((await send(first, 'a')).status).toBe(202);
    expect((await send(first, 'b')).status).toBe(202);
    const refused = await send(first, 'c');
    expect(refused).toMatchObject({
      status: 503,
      headers: { 'retry-after': '3600' },
      body: { code: 'too_many_projects' },
    });
    const reports = [fullReport({ project: 'c' }), fullReport({ project: 'a' })];
    expect((await first.post('/v1/reports', { reports })).body).toMatchObject({
      accepted: 1,
      rejected: [{ index: 0, code: 'too_many_projects', path: '/project', retry: true }],
    });
    await first.close();

    const second = await start({ data, maxProjects: 2 });
    expect((await send(second, 'c')).status).toBe(503);
    expect((await send(second, 'b')).status).toBe(202);
    await second.ask('PUT', '/v1/projects/c', {});
    expect((await send(second, 'c')).status).toBe(202);
  });
});

describe('a project that is removed', () => {
  const DAY_MS = 24 * 60 * 60 * 1000;

  async function startRemoving() {
    let now = Date.parse('2026-11-22T21:00:00Z');
    const data = temporaryFolder();
    const options = { data, now: () => new Date(now), checkJobsEveryMs: 20, maxProjects: 2 };
    const collector = await start(options);
    return {
      ...collector,
      pass: (ms: number) => void (now += ms),
      restart: async () => {
        await collector.close();
        return start(options);
      },
      send: async (project: string, key?: string) => {
        const report = fullReport({ project, timestamp: new Date(now).toISOString() });
        const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
        return (await collector.post('/v1/reports', report, headers)).status;
      },
    };
  }
  const namesOf = async ({ ask }: Pick<Admin, 'ask'>): Promise<string[]> => {
    const { body } = await ask('GET', '/v1/projects');
    return (body['projects'] as { project: string }[]).map(({ project }) => project);
  };

  it('frees its place at once, is seen by nobody, and comes back with all that belongs to it', async () => {
    const collector = await startRemoving();
    const { ask, send, app } = collector;
    expect([await send('a'), await send('b'), await send('c')]).toEqual([202, 202, 503]);
    await ask('PUT', '/v1/projects/a', { visibility: 'detailed', timezone: 'Asia/Tokyo' });
    await ask('PUT', '/v1/projects/a/manifest', manifestOf('a'));
    const { body: made } = await ask('POST', '/v1/projects/a/write-key');
    const key = String(made['write_key']);
    const before = (await ask('GET', '/v1/projects/a')).body;

    const { status, body: cleaning } = await ask('DELETE', '/v1/projects/a');
    expect([status, cleaning['state'], cleaning['people']]).toEqual([202, 'done', 1]);
    expect((await ask('DELETE', '/v1/projects/a')).status).toBe(404);
    for (const path of ['', '/manifest']) {
      expect((await ask('GET', `/v1/projects/a${path}`)).status).toBe(404);
    }
    expect(await namesOf(collector)).toEqual(['b']);
    const asStranger = await app.inject('/v1/stats/summary?project=a');
    expect(asStranger.statusCode).toBe(401);
    expect((await ask('GET', '/v1/stats/projects')).body['rows']).toHaveLength(1);
    expect(await send('c')).toBe(202);
    expect(await namesOf(collector)).toEqual(['b', 'c']);

    const again = await collector.restart();
    expect(await namesOf(again)).toEqual(['b', 'c']);
    expect((await again.ask('DELETE', `/v1/cleanings/${String(cleaning['id'])}`)).status).toBe(202);
    expect((await again.ask('GET', '/v1/projects/a')).body).toEqual(before);
    expect(await namesOf(again)).toEqual(['a', 'b', 'c']);
    expect((await again.ask('GET', '/v1/stats/summary?project=a')).body).toMatchObject({
      ...{ total_users: 1, timezone: 'Asia/Tokyo' },
    });
    const report = fullReport({ project: 'a', timestamp: '2026-11-22T21:00:00Z' });
    expect((await again.post('/v1/reports', report)).status).toBe(401);
    const withKey = { authorization: `Bearer ${key}` };
    expect((await again.post('/v1/reports', report, withKey)).status).toBe(202);
    // There are more than may be now, so none comes to them.
    const another = fullReport({ project: 'd', timestamp: '2026-11-22T21:00:00Z' });
    expect((await again.post('/v1/reports', another)).status).toBe(503);
  });

  it('is gone for good after 7 days, and with it what belonged to it', async () => {
    const { ask, send, pass, data } = await startRemoving();
    expect(await send('a')).toBe(202);
    await ask('PUT', '/v1/projects/a', { status: 'closed' });
    await ask('PUT', '/v1/projects/a/manifest', manifestOf('a'));
    const { body } = await ask('DELETE', '/v1/projects/a');
    const settings = () => readFileSync(join(data, 'projects.json'), 'utf8');
    expect(settings()).toContain('"removed"');
    pass(7 * DAY_MS + 60 * 60 * 1000);
    await until('it is erased', () => !settings().includes('"removed"'));
    expect((await ask('DELETE', `/v1/cleanings/${String(body['id'])}`)).status).toBe(409);
    expect(await namesOf({ ask })).toEqual([]);
    expect(await send('a')).toBe(202);
    expect((await ask('GET', '/v1/projects/a')).body).toMatchObject({
      ...{ status: 'open', has_manifest: false, created_at: null },
    });
  });

  it('may be made anew meanwhile: then its counts alone come back', async () => {
    const { ask, send } = await startRemoving();
    expect(await send('a')).toBe(202);
    await ask('PUT', '/v1/projects/a', { visibility: 'none' });
    await ask('PUT', '/v1/projects/a/manifest', manifestOf('a'));
    const { body } = await ask('DELETE', '/v1/projects/a');
    expect((await ask('PUT', '/v1/projects/a', { visibility: 'detailed' })).status).toBe(201);
    expect((await ask('GET', '/v1/projects/a')).body).toMatchObject({ has_manifest: false });
    expect((await ask('DELETE', `/v1/cleanings/${String(body['id'])}`)).status).toBe(202);
    expect((await ask('GET', '/v1/projects/a')).body).toMatchObject({
      ...{ visibility: 'detailed', has_manifest: false },
    });
    expect((await ask('GET', '/v1/stats/summary?project=a')).body).toMatchObject({
      total_users: 1,
    });
  });

  it('frees its place also if only its counts are taken out, and none if something is left', async () => {
    const { ask, send } = await startRemoving();
    expect([await send('a'), await send('b')]).toEqual([202, 202]);
    await ask('POST', '/v1/projects/a/cleanings', { day: '2026-11-22', new: true });
    expect(await send('c')).toBe(503);
    await ask('POST', '/v1/projects/b/cleanings', {});
    expect(await send('c')).toBe(202);
    expect(await namesOf({ ask })).toEqual(['a', 'c']);
    await ask('PUT', '/v1/projects/set', {});
    expect((await ask('DELETE', '/v1/projects/set')).status).toBe(202);
    expect((await ask('DELETE', '/v1/projects/nobody')).status).toBe(404);
  });
});

describe('a write key', () => {
  it('is shown once, kept as a hash, asked for from then on, and can be replaced', async () => {
    const data = temporaryFolder();
    const collector = await start({ data });
    await collector.ask('PUT', '/v1/projects/acme-cli', {});
    const issue = async (from: Admin) => {
      const answer = await from.ask('POST', '/v1/projects/acme-cli/write-key');
      expect(answer).toMatchObject({ status: 201, headers: { 'cache-control': 'no-store' } });
      return String(answer.body['write_key']);
    };
    const send = (from: Admin, key?: string, body: unknown = fullReport()) =>
      from.post('/v1/reports', body, key === undefined ? {} : { authorization: `Bearer ${key}` });

    const key = await issue(collector);
    expect(key).toMatch(/^hck_[\w-]{43}$/);
    const without = await send(collector);
    expect(without).toMatchObject({ status: 401, body: { code: 'key_required' } });
    expect(without.headers['www-authenticate']).toMatch(/^Bearer/);
    expect(await send(collector, 'hck_wrong')).toMatchObject({
      status: 403,
      body: { code: 'key_wrong' },
    });
    expect((await send(collector, key)).status).toBe(202);
    expect(
      await collector.post('/statistics', firstGenerationReport(), {
        authorization: `bearer ${key}`,
      }),
    ).toMatchObject({ status: 200 });
    const mixed = { reports: [fullReport(), fullReport({ project: 'keyless' })] };
    expect((await send(collector, undefined, mixed)).body).toMatchObject({
      accepted: 1,
      rejected: [{ index: 0, code: 'key_required', retry: false }],
    });
    await collector.close();
    const files = readdirSync(data, { recursive: true, withFileTypes: true });
    for (const file of files.filter((entry) => entry.isFile())) {
      expect(readFileSync(join(file.parentPath, file.name), 'latin1')).not.toContain(key);
    }
    expect(collector.log()).not.toContain(key);

    const again = await start({ data });
    expect((await send(again, key)).status).toBe(202);
    const next = await issue(again);
    expect((await send(again, key)).status).toBe(403);
    expect((await send(again, next)).status).toBe(202);
    expect(await again.ask('GET', '/v1/projects/acme-cli')).toMatchObject({
      body: { has_write_key: true },
    });
    expect((await again.ask('DELETE', '/v1/projects/acme-cli/write-key')).status).toBe(204);
    expect((await send(again)).status).toBe(202);
  });

  it('has a rate limit of its own', async () => {
    const collector = await start({ keyRateLimit: 2, monotonicMs: () => 0 });
    const send = (key: string) =>
      collector.post('/v1/reports', fullReport(), { authorization: `Bearer ${key}` });
    expect((await send('one')).headers).toMatchObject({ 'ratelimit-policy': '"key";q=2;w=60' });
    expect((await send('one')).status).toBe(202);
    expect(await send('one')).toMatchObject({ status: 429, headers: { 'retry-after': '30' } });
    expect((await send('another')).status).toBe(202);
    expect((await collector.post('/v1/reports', fullReport())).status).toBe(202);
  });
});

describe('a manifest', () => {
  const build = (fields: Record<string, unknown>, event = 'build') => ({
    ...fullReport({ event }),
    fields,
  });

  it('is what reports may say; what it does not allow is left out and counted', async () => {
    const data = temporaryFolder();
    const collector = await start({ data });
    expect(await collector.ask('PUT', '/v1/projects/acme-cli/manifest', manifest)).toMatchObject({
      status: 200,
      body: { has_manifest: true },
    });
    expect((await collector.ask('GET', '/v1/projects/acme-cli/manifest')).body).toEqual(manifest);
    await collector.close();

    const again = await start({ data });
    const reports = [
      build({ bundler: 'vite', ms: '<100' }),
      build({ bundler: 'esbuild', ms: '<100' }),
      build({ bundler: 'vite', mood: 'fine' }),
      build({ bundler: 'vite' }, 'deploy'),
      fullReport(),
      firstGenerationReport(),
    ];
    expect((await again.post('/v1/reports', { reports })).body).toEqual({
      accepted: reports.length,
      rejected: [],
    });
    expect((await again.get('/stats')).body).toMatchObject({
      total_users: 2,
      total_reports: reports.length,
    });
    expect(await again.store.quality({ project: 'acme-cli' })).toEqual({
      accepted: reports.length,
      undeclared_values: 1,
      undeclared_fields: 1,
      undeclared_events: 1,
    });
    expect((await again.ask('DELETE', '/v1/projects/acme-cli/manifest')).status).toBe(204);
    await again.post('/v1/reports', build({ bundler: 'esbuild' }));
    expect(await again.store.quality({ project: 'acme-cli' })).toMatchObject({
      undeclared_values: 1,
    });
    expect(await again.ask('GET', '/v1/projects/acme-cli/manifest')).toMatchObject({ status: 404 });
  });

  it.each<[string, unknown, string]>([
    ['is that of another project', { ...manifest, project: 'other' }, '/project'],
    ['has another version', { ...manifest, manifest_version: 2 }, '/manifest_version'],
    [
      'has labels that are not those of its bounds',
      withBucket([100], ['<99', '>=99']),
      '/events/build/fields/ms',
    ],
    [
      'has bounds that do not ascend',
      withBucket([100, 50], ['<100', '100-50', '>=50']),
      '/events/build/fields/ms',
    ],
    ['has a kind nobody knows', withField({ kind: 'text' }), '/events/build/fields/ms'],
    ['is none', {}, ''],
  ])('is refused where it %s', async (_what, body, path) => {
    const collector = await start();
    const answer = await collector.ask('PUT', '/v1/projects/acme-cli/manifest', body);
    expect(answer).toMatchObject({ status: 422, body: { code: 'bad_manifest' } });
    expect(String(answer.body['path'])).toContain(path);
    expect((await collector.ask('GET', '/v1/projects')).body).toEqual({ projects: [] });
  });

  it('may lie in the data folder, and an upload replaces it there', async () => {
    const data = temporaryFolder();
    mkdirSync(join(data, 'manifests'));
    const file = join(data, 'manifests', 'by-hand.json');
    writeFileSync(file, JSON.stringify(manifest));
    const collector = await start({ data });
    expect((await collector.ask('GET', '/v1/projects/acme-cli/manifest')).body).toEqual(manifest);
    const { events, ...rest } = manifest;
    const less = { ...rest, events: { startup: events['startup'] } };
    await collector.ask('PUT', '/v1/projects/acme-cli/manifest', less);
    expect(readdirSync(join(data, 'manifests'))).toEqual(['by-hand.json']);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(less);
  });

  it.each<[string, Record<string, string>, string]>([
    ['is damaged', { 'a.json': '{' }, 'a.json cannot be read'],
    ['is none', { 'a.json': '{}' }, 'a.json is no manifest'],
    [
      'is there twice',
      { 'a.json': JSON.stringify(manifest), 'b.json': JSON.stringify(manifest) },
      'both manifests of acme-cli',
    ],
  ])(
    'in the data folder that %s keeps the collector from starting',
    async (_what, files, words) => {
      const data = temporaryFolder();
      mkdirSync(join(data, 'manifests'));
      for (const [name, text] of Object.entries(files)) {
        writeFileSync(join(data, 'manifests', name), text);
      }
      await expect(start({ data })).rejects.toThrow(words);
    },
  );

  it('settings that are damaged keep the collector from starting', async () => {
    const data = temporaryFolder();
    writeFileSync(join(data, 'projects.json'), '{"version":1,"projects":{"a":{"status":"opne"}}}');
    await expect(start({ data })).rejects.toThrow(/projects\.json is damaged/);
  });
});

function withField(field: unknown): unknown {
  const build = { description: 'A build ends.', fields: { ms: field } };
  return { ...manifest, events: { build } };
}

function withBucket(bounds: number[], values: string[]): unknown {
  return withField({ kind: 'bucket', bounds, values });
}
