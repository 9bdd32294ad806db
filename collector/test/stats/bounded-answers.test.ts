import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_DIMENSION_VALUES } from '../../src/rules/limits.js';
import { openRaw } from '../support/raw-connection.js';
import { seedFull } from '../support/seed-full.js';
import { withToken } from '../support/admin-token.js';
import { NOW, startCollector, type TestCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const PROJECTS = 1000;
const undo: (() => void | Promise<void>)[] = [];
let collector: TestCollector;
let url: string;

beforeAll(async () => {
  const data = temporaryFolder((step) => undo.unshift(step));
  await seedFull(data, { now: NOW, projects: PROJECTS });
  collector = await startCollector(
    { data, visibility: 'detailed', statsRateLimit: 0, maxProjects: 2 * PROJECTS },
    (step) => undo.unshift(step),
  );
  url = await collector.app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  for (const step of undo) await step();
});

const KB = 1024;

/** The bounds of docs/collector/limits.md, in bytes. */
const BOUNDS: readonly (readonly [path: string, bytes: number])[] = [
  ['/v1/stats/summary?', 100 * KB],
  ['/stats?', 100 * KB],
  ['/v1/stats/recent?', 64 * KB],
  ['/stats/recent?', 64 * KB],
  ['/v1/stats/quality?', 16 * KB],
  ['/v1/stats/retention?interval=day&from=2026-09-20', 3072 * KB],
  ['/v1/stats/timeseries?from=2024-04-01', 512 * KB],
  ['/v1/stats/timeseries?group_by=version', 256 * KB],
  ['/v1/stats/timeseries?group_by=version&from=2026-05-10&limit=50', 6144 * KB],
  ['/v1/stats/timeseries?group_by=field:build.size&metric=reports', 256 * KB],
  ['/v1/stats/growth?from=2024-04-01', 512 * KB],
  ['/v1/stats/support?', 128 * KB],
  ['/v1/stats/support?dimension=os_version&limit=1000', 1536 * KB],
  ['/v1/stats/forecast?from=2024-04-01', 512 * KB],
  ['/v1/stats/annotations?from=2024-04-01', 768 * KB],
  ['/v1/stats/silence?', 768 * KB],
  ['/v1/stats/adoption?', 256 * KB],
  ['/v1/stats/adoption?from=2026-05-10&limit=50', 6144 * KB],
  ...['os', 'agent', 'event', 'field:build.size'].flatMap(
    (dimension) =>
      [
        [`/v1/stats/breakdown?dimension=${dimension}`, 16 * KB],
        [`/v1/stats/breakdown?dimension=${dimension}&limit=1000`, 512 * KB],
      ] as const,
  ),
];

/** Lists of projects. */
const LISTS: readonly (readonly [path: string, bytes: number])[] = [
  ['/v1/stats/projects', 400 * KB],
  ['/v1/stats/projects?format=csv', 400 * KB],
  ['/v1/projects', 200 * KB],
  ['/v1/projects?limit=1000', 2048 * KB],
  ['/metrics', 1536 * KB],
  ['/v1/performance?from=2026-11-17&interval=1m', 5120 * KB],
];

describe('an answer has a bounded size, whatever is counted', () => {
  it.each(BOUNDS)('%s: %i bytes', async (path, bytes) => {
    for (const rest of ['', '&format=csv', '&project=big&format=ndjson', '&project=big']) {
      const { status, text } = await collector.get(path + rest);
      expect({ path, rest, status }).toMatchObject({ status: 200 });
      expect(Buffer.byteLength(text)).toBeLessThan(bytes);
      expect(Buffer.byteLength((await collector.stranger(path + rest)).text)).toBeLessThan(bytes);
    }
  });

  it.each(LISTS)('%s: %i bytes', async (path, bytes) => {
    const { status, text } = await collector.get(path, withToken());
    expect(status).toBe(200);
    expect(Buffer.byteLength(text)).toBeLessThan(bytes);
  });

  it('names the values with most people, and counts the others as other', async () => {
    const { body } = await collector.get('/v1/stats/summary?project=big');
    const shares = body['os_distribution'] as Record<string, number>;
    expect(Object.keys(shares)).toHaveLength(101);
    expect(shares['other']).toBe(MAX_DIMENSION_VALUES - 1 - 100);
  });

  it('refuses what would have too many rows', async () => {
    const asked = '/v1/stats/timeseries?group_by=os&limit=50&from=2025-11-01';
    expect(await collector.get(asked)).toMatchObject({ status: 400, body: { parameter: 'limit' } });
  });

  it('gives lists by pages, each project once', async () => {
    for (const [path, member] of [
      ['/v1/projects?limit=300', 'projects'],
      ['/v1/stats/projects?limit=150', 'rows'],
    ] as const) {
      const names: string[] = [];
      let after = '';
      for (;;) {
        const { body } = await collector.get(`${path}${after}`, withToken());
        names.push(...(body[member] as { project: string }[]).map(({ project }) => project));
        const next = body['next'] as string | undefined;
        if (next === undefined) break;
        after = `&after=${encodeURIComponent(next)}`;
      }
      expect(new Set(names).size).toBe(PROJECTS + 1);
      expect(names).toHaveLength(PROJECTS + 1);
      expect(names).toEqual([...names].sort());
    }
  });

  it('and so have the messages of a stream', async () => {
    const raw = await openRaw(url);
    const { authorization } = withToken();
    raw.write(
      `GET /v1/stats/live?project=big HTTP/1.1\r\nHost: a\r\nauthorization: ${authorization}\r\n\r\n`,
    );
    await until('there is a message', () => /data: .*\n\n/.test(raw.received()));
    raw.socket.destroy();
    const message = /event: summary\n.*?\n\n/s.exec(raw.received())?.[0] ?? '';
    expect(Buffer.byteLength(message, 'latin1')).toBeLessThan(64 * KB);
    expect(message).toContain('"other":');
  });
});
