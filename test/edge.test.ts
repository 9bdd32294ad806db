import { describe, expect, it } from 'vitest';
import { createHeadcount } from '../src/edge.js';
import type { EdgeOptions, EdgeStorage } from '../src/edge.js';
import { field } from '../src/report/declared-events.js';
import type { Report } from '../src/wire/report.js';

type Answer = () => Response;
const accept: Answer = () => Response.json({ accepted: 1, rejected: [] }, { status: 202 });

/** A collector that notes what it gets. */
function collector(answer: Answer = accept) {
  const reports: Report[] = [];
  const urls: string[] = [];
  const receive = (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
    urls.push(url instanceof Request ? url.url : String(url));
    reports.push(...(JSON.parse(init?.body as string) as { reports: Report[] }).reports);
    return Promise.resolve(answer());
  };
  return { reports, urls, fetch: receive };
}

function memory(): EdgeStorage & { readonly values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    get: (key) => Promise.resolve(values.get(key)),
    set: (key, value) => Promise.resolve(values.set(key, value)),
    remove: (key) => Promise.resolve(values.delete(key)),
  };
}

const APP = { project: 'acme', version: '1.2.3', endpoint: 'https://stats.acme.dev' } as const;
const events = {
  build: {
    description: 'A build was finished.',
    fields: {
      bundler: ['vite', 'webpack'],
      pages: { kind: 'count', max: 10 },
      ms: { kind: 'bucket', bounds: [100], values: ['<100', '>=100'] },
    },
  },
} as const;
const make = (options: Partial<EdgeOptions>) => createHeadcount({ ...APP, ...options });

describe('headcount/edge', () => {
  it('counts reports and no person, unless the app gives an ID', async () => {
    const { fetch, reports, urls } = collector();
    const headcount = createHeadcount({ ...APP, events, fetch });
    headcount.track();
    headcount.track(
      'build',
      { bundler: 'vite', pages: 12, ms: 250 },
      { anonymousId: '00ff00ff00ff00ff' },
    );
    expect(await headcount.flush()).toMatchObject({ mode: 'on', sent: 2, queued: 0, dropped: 0 });
    expect(urls).toEqual(['https://stats.acme.dev/v1/reports']);
    expect(reports).toMatchObject([
      { event: 'startup', anonymous_id: 'ci-edge', info: { version: '1.2.3', id_source: 'ci' } },
      {
        event: 'build',
        anonymous_id: '00ff00ff00ff00ff',
        info: { id_source: 'given', ci: null },
        fields: { bundler: 'vite', pages: 10, ms: '>=100' },
      },
    ]);
    for (const { report_id } of reports) {
      expect(report_id).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }
  });

  it('sends nothing that was not declared, and throws for nothing but its options', async () => {
    const { fetch, reports } = collector();
    const headcount = createHeadcount({ ...APP, events, fetch });
    const track = (...given: unknown[]): void =>
      (headcount as { track(...given: unknown[]): void }).track(...given);
    track('secret', { password: 'x' });
    track('build', { bundler: 'ada@example.org', path: '/home/ada', pages: -1 });
    track('build', null, null);
    track(Symbol('x'));
    await headcount.flush();
    expect(reports.map(({ event, fields }) => [event, fields])).toEqual([['build', undefined]]);
    expect(() => make({ endpoint: 'http://stats.acme.dev' })).toThrow(TypeError);
    expect(() => make({ endpoint: 'https://ada:pw@stats.acme.dev' })).toThrow(TypeError);
    expect(() => make({ endpoint: 'http://127.acme.dev' })).toThrow(TypeError);
    expect(() => make({ project: '' })).toThrow(TypeError);
  });

  it('reads the values of fields as the package for Node.js does', async () => {
    const { fetch, reports } = collector();
    const headcount = createHeadcount({
      ...APP,
      events: {
        build: {
          description: 'A build was finished.',
          fields: {
            vite: field.semver(),
            fast: { kind: 'enum', values: ['yes'] },
            cached: field.boolean(),
            pages: field.count({ max: 10 }),
            ms: field.bucket(100),
          },
        },
      },
      fetch,
    });
    headcount.track('build', {
      vite: 'v6.0.0-beta.4+build.1',
      fast: 'yes',
      cached: false,
      pages: 3,
      ms: 99,
    });
    headcount.track('build', { vite: '6.0.0-ada', ms: NaN, pages: NaN });
    headcount.track('build', { ms: Infinity, pages: 1.5 });
    await headcount.flush();
    expect(reports.map(({ fields }) => fields)).toEqual([
      { vite: '6.0.0-beta.4', fast: 'yes', cached: false, pages: 3, ms: '<100' },
      undefined,
      undefined,
    ]);
  });

  it('lets the request end: the runtime waits for what it sends', async () => {
    const { fetch, reports } = collector();
    const waited: Promise<unknown>[] = [];
    make({ fetch }).track('startup', {}, { waitUntil: (sending) => waited.push(sending) });
    expect(waited).toHaveLength(1);
    await Promise.all(waited);
    expect(reports).toHaveLength(1);
  });

  it('keeps what was not acknowledged, and sends the same report again', async () => {
    const storage = memory();
    const failing = collector(() => new Response('<html>', { status: 503 }));
    const first = make({ storage, fetch: failing.fetch });
    first.track();
    expect(await first.flush()).toMatchObject({
      sent: 0,
      queued: 1,
      error: expect.anything() as unknown,
    });
    const working = collector();
    const second = make({ storage, fetch: working.fetch });
    expect(await second.flush()).toMatchObject({ sent: 1, queued: 0, error: undefined });
    expect(working.reports).toEqual(failing.reports.slice(-1));
    expect([...storage.values.keys()]).toEqual([]);
  });

  it('drops what a collector refuses, and nothing on any other answer', async () => {
    const problem = { type: 'urn:headcount:problem:invalid', status: 422 };
    const refusing = make({
      fetch: collector(() => Response.json(problem, { status: 422 })).fetch,
    });
    refusing.track();
    expect(await refusing.flush()).toMatchObject({ sent: 0, queued: 0, dropped: 1 });
    const proxy = make({ fetch: collector(() => new Response('no', { status: 422 })).fetch });
    proxy.track();
    expect(await proxy.flush()).toMatchObject({ queued: 1, dropped: 0 });
  });

  it('counts an install as one person, if the app says so', async () => {
    const storage = memory();
    const { fetch, reports } = collector();
    for (const run of [1, 2]) {
      const headcount = make({ storage, fetch, countsInstall: true });
      headcount.track();
      expect(await headcount.flush()).toMatchObject({ sent: 1 });
      expect(reports).toHaveLength(run);
    }
    const [first, second] = reports;
    expect(first?.anonymous_id).toMatch(/^[0-9a-f]{16}$/);
    expect(second?.anonymous_id).toBe(first?.anonymous_id);
    expect(first?.info).toMatchObject({ id_source: 'time', id_persisted: true, ci: null });
  });

  it('sends nothing until the storage could be read, and then all', async () => {
    const storage = memory();
    let fails = 1;
    const get = (key: string) =>
      fails-- > 0 ? Promise.reject(new Error('busy')) : storage.get(key);
    const { fetch, reports } = collector();
    const headcount = make({ storage: { ...storage, get }, fetch });
    headcount.track();
    expect(await headcount.flush()).toMatchObject({ sent: 1, queued: 0 });
    expect(reports).toHaveLength(1);
  });

  it('obeys a no that is said while the storage is being read', async () => {
    const storage = memory();
    const { fetch, reports } = collector();
    const get = async (key: string) => {
      const value = await storage.get(key);
      if (key === 'headcount:choice') await headcount.optOut(); // the value is from before it
      return value;
    };
    const headcount = make({ storage: { ...storage, get }, fetch });
    headcount.track();
    expect(await headcount.flush()).toMatchObject({ mode: 'off', reason: 'choice', queued: 0 });
    expect(reports).toEqual([]);
  });

  it('is off by code and by choice, which is kept and deletes what waits', async () => {
    const storage = memory();
    const { fetch, urls } = collector(() => new Response('', { status: 500 }));
    const headcount = make({ storage, fetch });
    headcount.track();
    await headcount.flush();
    await headcount.optOut();
    expect([...storage.values]).toEqual([['headcount:choice', 'off']]);
    const asked = urls.length;
    const later = make({ storage, fetch });
    later.track();
    expect(await later.flush()).toMatchObject({ mode: 'off', reason: 'choice', queued: 0 });
    const disabled = make({ fetch, disabled: true });
    disabled.track();
    expect(await disabled.flush()).toMatchObject({ mode: 'off', reason: 'code', queued: 0 });
    expect(urls).toHaveLength(asked);
  });
});
