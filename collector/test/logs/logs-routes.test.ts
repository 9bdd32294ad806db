import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { fullReport } from '../support/reports.js';
import { NOW, startCollector } from '../support/start-collector.js';

interface Line {
  readonly time: string;
  readonly level: string;
  readonly source: string;
  readonly function: string;
  readonly line: number;
  readonly message: string;
  readonly details: Record<string, unknown>;
}

const DAY = '2026-11-22';

let now = NOW;
const undo: (() => void | Promise<void>)[] = [];
let shared: Logs;

type Logs = Awaited<ReturnType<typeof open>>;

beforeAll(async () => {
  shared = await open({ now: () => now });
});

afterAll(async () => {
  for (const step of undo) await step();
});

async function open(options: Parameters<typeof startCollector>[0]) {
  const collector = await startCollector(options, (step) => undo.unshift(step));
  const folder = join(collector.data, 'logs');
  const get = (url: string) => collector.get(url, withToken());
  const post = (url: string, body: unknown, headers = {}) => collector.post(url, body, headers);
  const remove = (url: string) => collector.delete(url, withToken());
  return {
    ...{ folder, get, post, remove },
    lines: async (query: string): Promise<Line[]> =>
      (await get(`/v1/logs?${query}`)).body['logs'] as Line[],
    /** Replaces what is logged. */
    fill: async (files: Record<string, readonly string[]>): Promise<void> => {
      // The first request has the files written.
      await get('/v1/logs');
      await remove('/v1/logs');
      await get('/v1/logs');
      for (const [name, lines] of Object.entries(files)) {
        writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(''));
      }
    },
  };
}

/** The parameter of the next page; empty if there is none. */
const nextOf = ({ next }: Record<string, unknown>): string =>
  typeof next === 'string' ? `&cursor=${next}` : '';

const lineAt = (second: number, level: string, msg: string, more: object = {}): string =>
  JSON.stringify({
    ...{ level, time: `${DAY}T12:00:${String(second).padStart(2, '0')}.000Z`, source: 'jobs' },
    ...more,
    msg,
  });

describe('GET /v1/logs', () => {
  it('has what was just logged, the newest first', async () => {
    const { lines, post } = shared;
    await post('/v1/reports', fullReport());
    const [newest] = await lines('source=requests&limit=1');
    expect(newest).toEqual({
      ...{ time: NOW.toISOString(), level: 'info', source: 'requests' },
      ...{ function: '/v1/reports', line: 0, message: 'request' },
      details: {
        request_id: expect.any(String) as string,
        ...{ method: 'POST', route: '/v1/reports', status: 202, ms: expect.any(Number) as number },
      },
    });
  });

  it('chooses by level, source, time and text, over files, parts and days', async () => {
    const { lines, fill } = shared;
    await fill({
      'access-2026-11-20.ndjson': [lineAt(1, 'info', 'one')],
      'access-2026-11-22.ndjson': [lineAt(2, 'debug', 'two'), lineAt(4, 'info', 'Four "4"')],
      'access-2026-11-22.1.ndjson': [lineAt(6, 'info', 'six', { source: 'clock' })],
      'error-2026-11-22.ndjson': [
        ...[lineAt(3, 'warn', 'three'), '{"torn":', 'no JSON', '[]', '{"a":1}'],
        lineAt(5, 'error', 'five', { error: { at: ['count (file:///a/counting.js:12:3)'] } }),
      ],
      'performance-2026-11-22.ndjson': [lineAt(7, 'info', 'performance')],
      'other-2026-11-22.ndjson': [lineAt(8, 'info', 'other')],
    });
    const said = async (query: string): Promise<string> =>
      (await lines(`${query}&to=${DAY}T12:01:00Z`)).map(({ message }) => message).join();
    expect(await said('')).toBe('six,five,Four "4",three,two,one');
    expect(await said('level=warn')).toBe('five,three');
    expect(await said('source=clock')).toBe('six');
    expect(await said('text=four%20%224')).toBe('Four "4"');
    expect(await said('text=COUNTING.JS')).toBe('five');
    expect(await said(`from=${DAY}T12:00:04Z`)).toBe('six,five,Four "4"');
    expect(await said('class=performance')).toBe('performance');
    expect((await lines(`level=error&to=${DAY}T12:01:00Z`))[0]).toMatchObject({
      function: 'count',
      line: 12,
    });
  });

  it('goes on by its cursor: every line once, whatever is logged meanwhile', async () => {
    const { get, fill, post } = shared;
    const access = Array.from({ length: 30 }, (_, n) => lineAt(n * 2, 'info', `a${n}`));
    const error = Array.from({ length: 30 }, (_, n) => lineAt(n * 2 + 1, 'error', `e${n}`));
    await fill({ 'access-2026-11-22.ndjson': access, 'error-2026-11-22.ndjson': error });
    const seen: string[] = [];
    let cursor = '';
    do {
      const url = `/v1/logs?limit=7&to=${DAY}T12:01:00Z${cursor}`;
      const { status, body } = await get(url);
      expect(status).toBe(200);
      seen.push(...(body['logs'] as Line[]).map(({ message }) => message));
      await post('/v1/reports', fullReport());
      cursor = nextOf(body);
    } while (cursor !== '');
    const all = Array.from({ length: 30 }, (_, n) => [`e${29 - n}`, `a${29 - n}`]).flat();
    expect(seen).toEqual(all);
  });

  it('reads no more than its bound, says so, and goes on from there', async () => {
    const { get, fill } = shared;
    const long = 'x'.repeat(1000);
    const many = Array.from({ length: 9000 }, (_, n) => lineAt(n % 60, 'info', long));
    await fill({
      'access-2026-11-20.ndjson': [lineAt(1, 'info', 'the needle')],
      'access-2026-11-21.ndjson': many,
    });
    let [pages, found] = [0, 0];
    let cursor = '';
    do {
      const { body } = await get(`/v1/logs?text=needle&to=2026-11-23T00:00:00Z${cursor}`);
      pages++;
      found += (body['logs'] as Line[]).length;
      expect(body['truncated']).toBe(body['next'] !== null);
      cursor = nextOf(body);
    } while (cursor !== '' && pages < 10);
    expect([found, pages]).toEqual([1, 3]);
  });

  it('refuses what it cannot read', async () => {
    const { get } = shared;
    for (const query of [
      ...['level=loud', 'limit=0', 'limit=1001', 'from=yesterday', 'nonsense=1', 'class=audit'],
      ...['cursor=x', `cursor=${Buffer.from('../../etc/passwd:1').toString('base64url')}`],
      `from=${DAY}T00:00:00Z&to=${DAY}T00:00:00Z`,
    ]) {
      const { status, body } = await get(`/v1/logs?${query}`);
      expect([query, status, body['code']]).toEqual([query, 400, 'bad_parameter']);
    }
  });

  it('says that there are no files where none are kept', async () => {
    const { get, remove, post } = await open({ logBytesLimit: 0 });
    for (const url of ['/v1/logs', '/v1/logs/counts', '/logs', '/logs/stats']) {
      expect([url, (await get(url)).body]).toMatchObject([url, { code: 'no_log_files' }]);
    }
    expect((await remove('/v1/logs')).status).toBe(404);
    expect((await post('/logs/clear', '{}', withToken())).status).toBe(404);
  });
});

describe('GET /v1/logs/counts', () => {
  it('counts lines by level, source and window', async () => {
    const { get, fill } = shared;
    await fill({
      'access-2026-11-22.ndjson': [
        ...[lineAt(1, 'info', 'a'), lineAt(2, 'info', 'b', { source: '__proto__' })],
        lineAt(3, 'info', 'c', { time: `${DAY}T10:59:59.999Z` }),
      ],
      'error-2026-11-22.ndjson': [lineAt(4, 'error', 'd')],
    });
    const { body } = await get(`/v1/logs/counts?from=${DAY}T00:00:00Z&to=${DAY}T12:30:00Z`);
    const sources = { ['__proto__']: 1, jobs: 2 };
    expect(JSON.parse(JSON.stringify(body))).toEqual({
      ...{ from: `${DAY}T00:00:00.000Z`, to: `${DAY}T12:30:00.000Z` },
      levels: { info: 3, error: 1 },
      sources: { ['__proto__']: 1, jobs: 3 },
      windows: [
        { start: `${DAY}T10:00:00.000Z`, levels: { info: 1 }, sources: { jobs: 1 } },
        { start: `${DAY}T12:00:00.000Z`, levels: { info: 2, error: 1 }, sources },
      ],
      ...{ truncated: false, complete_from: `${DAY}T00:00:00.000Z` },
    });
    const { body: errors } = await get(
      `/v1/logs/counts?level=warn&interval=1d&from=${DAY}T00:00:00Z&to=${DAY}T12:30:00Z`,
    );
    expect(errors['levels']).toEqual({ error: 1 });
    expect((await get('/v1/logs/counts?interval=1m&from=2020-01-01T00:00:00Z')).status).toBe(400);
  });
});

describe('DELETE /v1/logs', () => {
  it('removes all files and is audited', async () => {
    const { get, remove, folder } = shared;
    await get('/v1/logs');
    const { status, body } = await remove('/v1/logs');
    expect([status, Number(body['files']) > 0]).toEqual([200, true]);
    const { body: audit } = await get('/v1/audit');
    expect(audit['entries']).toContainEqual(
      expect.objectContaining({ action: 'DELETE /v1/logs', outcome: 'done' }),
    );
    await get('/v1/logs');
    const [name = ''] = readdirSync(folder);
    expect(readFileSync(join(folder, name), 'utf8').split('\n').length).toBeLessThanOrEqual(4);
  });
});

describe('the first generation’s routes', () => {
  it('have its shape, levels and order', async () => {
    const { get, fill } = shared;
    await fill({
      'access-2026-11-22.ndjson': [lineAt(1, 'info', 'one'), lineAt(3, 'info', 'three')],
      'error-2026-11-22.ndjson': [lineAt(2, 'warn', 'two'), lineAt(4, 'fatal', 'four')],
    });
    const { body } = await get('/logs?lines=200&level=&source=JOB');
    expect(body).toEqual({
      success: true,
      logs: [
        ['01', 'INFO', 'one'],
        ['02', 'WARNING', 'two'],
        ['03', 'INFO', 'three'],
        ['04', 'CRITICAL', 'four'],
      ].map(([second, level, message]) => ({
        ...{ timestamp: `${DAY}T12:00:${second}.000Z`, level, source: 'jobs', function: '' },
        ...{ line: 0, message },
      })),
    });
    const said = async (query: string): Promise<string> =>
      ((await get(`/logs?${query}`)).body['logs'] as Line[]).map((one) => one.message).join();
    expect(await said('level=INFO&source=jobs')).toBe('one,three');
    expect(await said('level=WARNING')).toBe('two');
    expect(await said('lines=1&source=jobs')).toBe('four');
  });

  it('count the last 2000 lines, and forget them when cleared, while the files stay', async () => {
    const { get, fill, post, lines } = shared;
    const many = Array.from({ length: 3000 }, (_, n) => lineAt(n % 60, 'info', `n${n}`));
    await fill({ 'access-2026-11-21.ndjson': many });
    const { body } = await get('/logs/stats');
    expect(body).toMatchObject({
      success: true,
      stats: { total_logs: 2000, max_capacity: 2000, log_file: 'logs/access-2026-11-22.ndjson' },
    });
    now = new Date(NOW.getTime() + 60_000);
    expect((await post('/logs/clear', '{}', withToken())).body).toEqual({
      success: true,
      message: expect.stringMatching(/\w/) as string,
    });
    const { body: after } = await get('/logs/stats');
    const { total_logs } = after['stats'] as { total_logs: number };
    expect(total_logs).toBeLessThanOrEqual(2);
    expect(await lines('text=n2999&to=2026-11-23T00:00:00Z')).toHaveLength(1);
  });
});
