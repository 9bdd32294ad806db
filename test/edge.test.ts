import { afterEach, describe, expect, it, vi } from 'vitest';
import { vectorsFor } from './support/vectors.js';
import { createHeadcount } from '../src/edge.js';
import { isHeadcountError } from '../src/errors.js';
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

/** What a collector says of a request that it does not take. */
const problemOf = (status: number, headers: Record<string, string> = {}): Response =>
  Response.json(
    { type: 'urn:headcount:problem:x', status },
    { status, headers: { 'content-type': 'application/problem+json; charset=utf-8', ...headers } },
  );

/** Moves the clock on. */
function later(ms: number): void {
  const now = Date.now() + ms;
  if (!vi.isFakeTimers()) vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(now);
}
afterEach(() => void vi.useRealTimers());

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
function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('It threw nothing.');
}

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
  });

  it('refuses its own mistakes at once, each with the option, what is expected and what was given', () => {
    const secure = 'https: without password';
    // The cast: some are wrong on purpose.
    const wrong = [
      ['project', 'a name without @', ''],
      ['project', 'a name without @', 'ada@example.org'],
      ['project', 'a name without @', undefined],
      ['version', 'a text', ''],
      ['version', 'a text', undefined],
      ['endpoint', secure, 'acme'],
      ['endpoint', secure, undefined],
      ['endpoint', secure, 'http://stats.acme.dev'],
      ['endpoint', secure, 'http://127.acme.dev'],
    ] as unknown as readonly (readonly [string, string, string])[];
    for (const [option, expected, given] of wrong) {
      const error = thrownBy(() => make({ [option]: given }));
      expect(isHeadcountError(error)).toBe(true);
      const code = 'HEADCOUNT_ERR_INVALID_OPTION';
      expect(error).toMatchObject({ code, option, expected, given });
      expect(String(error)).toContain(`${option} must be ${expected}`);
    }
    const error = thrownBy(() => make({ endpoint: 'https://ada:secret@stats.acme.dev' }));
    expect(error).toMatchObject({ option: 'endpoint', given: 'https://stats.acme.dev' });
    expect(JSON.stringify([error, String(error)])).not.toContain('secret');
    expect(() => make({ project: '@acme/worker' })).not.toThrow();
    expect(() => make({ endpoint: 'http://127.0.0.1:4318' })).not.toThrow();
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
    later(1_000);
    const working = collector();
    const second = make({ storage, fetch: working.fetch });
    expect(await second.flush()).toMatchObject({ sent: 1, queued: 0, error: undefined });
    expect(working.reports).toEqual(failing.reports.slice(-1));
    expect([...storage.values.keys()]).toEqual([]);
  });

  it('drops what a collector refuses, and nothing on any other answer', async () => {
    const refusing = make({
      fetch: collector(() => problemOf(422)).fetch,
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

  it.each<[string, (fails: boolean) => unknown]>([
    ['rejects', (fails) => fails && Promise.reject(new Error('busy'))],
    [
      'throws',
      (fails) => {
        if (fails) throw new Error('busy');
      },
    ],
  ])('sends nothing until a storage that %s could be read, and then all', async (_, failing) => {
    const storage = memory();
    let fails = true;
    const get = async (key: string) => {
      await failing(fails);
      return storage.get(key);
    };
    const { fetch, reports } = collector();
    const headcount = make({ storage: { ...storage, get }, fetch });
    headcount.track();
    expect(await headcount.flush()).toMatchObject({
      ...{ mode: 'off', reason: 'unreadable-choice', sent: 0, queued: 1, dropped: 0 },
      error: 'Error: busy',
    });
    fails = false;
    expect(await headcount.flush()).toMatchObject({
      ...{ mode: 'on', reason: undefined, sent: 1, queued: 0, error: undefined },
    });
    expect(reports).toHaveLength(1);
  });

  it('waits 3 seconds for a storage that hangs, however many reports there are', async () => {
    vi.useFakeTimers();
    const { fetch, reports } = collector();
    const storage = memory();
    let hangs = true;
    const answers: (() => void)[] = [];
    const get = (key: string) =>
      hangs
        ? new Promise<string | undefined>((resolve) => answers.push(() => resolve('off')))
        : storage.get(key);
    const headcount = make({ storage: { ...storage, get }, fetch });
    const waited: Promise<unknown>[] = [];
    const settled = vi.fn();
    for (let count = 0; count < 600; count += 1) {
      headcount.track('startup', {}, { waitUntil: (sending) => waited.push(sending) });
    }
    expect(headcount.status()).toMatchObject({ queued: 500, dropped: 100 });
    void Promise.all([...waited, headcount.flush()]).then(settled);
    await vi.advanceTimersByTimeAsync(2_900);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    expect(settled).toHaveBeenCalledTimes(1);
    expect(waited).toHaveLength(600);
    const off = { mode: 'off', reason: 'unreadable-choice', sent: 0, queued: 500 };
    expect(headcount.status()).toMatchObject({
      ...off,
      error: expect.stringContaining('storage') as unknown,
    });
    expect(vi.getTimerCount()).toBe(0);
    hangs = false;
    expect(await headcount.flush()).toMatchObject({ mode: 'on', sent: 500, error: undefined });
    answers[0]?.(); // that of the attempt that was given up
    await vi.advanceTimersByTimeAsync(0);
    headcount.track();
    expect(await headcount.flush()).toMatchObject({ mode: 'on', sent: 501 });
    expect(reports).toHaveLength(501);
  });

  it('keeps the newest reports, and those under way, while a request takes long', async () => {
    let answer: (response: Response) => void = () => undefined;
    const sizes: number[] = [];
    const headcount = make({
      fetch: (_url, init) => {
        sizes.push((JSON.parse(init?.body as string) as { reports: Report[] }).reports.length);
        return new Promise((resolve) => (answer = resolve));
      },
    });
    for (let count = 0; count < 400; count += 1) headcount.track();
    await vi.waitFor(() => expect(sizes).toEqual([400]));
    for (let count = 0; count < 200; count += 1) headcount.track();
    expect(headcount.status()).toMatchObject({ queued: 500, dropped: 100 });
    const flushed = headcount.flush();
    answer(accept());
    await vi.waitFor(() => expect(sizes).toEqual([400, 100]));
    answer(accept());
    expect(await flushed).toMatchObject({ sent: 500, queued: 0, dropped: 100 });
  });

  it.each<[string, () => unknown]>([
    ['rejects', () => Promise.reject(new Error('full'))],
    ['hangs', () => new Promise(() => undefined)],
    [
      'throws',
      () => {
        throw new Error('full');
      },
    ],
  ])('sends although a storage %s when it is written to', async (_, write) => {
    vi.useFakeTimers();
    const { fetch, reports } = collector();
    const storage = { get: () => undefined, set: write, remove: write };
    const headcount = make({ storage, fetch, countsInstall: true });
    headcount.track();
    const flushed = headcount.flush();
    await vi.advanceTimersByTimeAsync(3_100);
    expect(await flushed).toMatchObject({
      ...{ mode: 'on', sent: 1, queued: 0 },
      error: expect.any(String) as unknown,
    });
    expect(reports).toMatchObject([{ info: { id_source: 'time', id_persisted: false } }]);
    const refused = headcount.optOut();
    await vi.advanceTimersByTimeAsync(3_100);
    await refused;
    expect(headcount.status()).toMatchObject({ mode: 'off', reason: 'choice' });
  });

  it('makes no ID once the user has said no', async () => {
    const storage = memory();
    storage.values.set('headcount:choice', 'off');
    const headcount = make({ storage, fetch: collector().fetch, countsInstall: true });
    headcount.track();
    expect(await headcount.flush()).toMatchObject({ mode: 'off', reason: 'choice' });
    expect([...storage.values.keys()]).toEqual(['headcount:choice']);
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

  it('waits as the collector asks, also in the next runs, and longer each time', async () => {
    const storage = memory();
    let answer = () => problemOf(503, { 'retry-after': '1800' });
    const { fetch, urls } = collector(() => answer());
    const run = () => make({ storage, fetch }).flush();
    const first = make({ storage, fetch });
    first.track();
    expect(await first.flush()).toMatchObject({ queued: 1 });
    first.track();
    expect(await first.flush()).toMatchObject({ queued: 2 });
    expect(await run()).toMatchObject({ queued: 2 });
    later(1_799_000);
    await run();
    expect(urls).toHaveLength(1);
    later(1_000);
    answer = () => new Response('', { status: 500 });
    await run();
    expect(urls).toHaveLength(2);
    later(1_000); // its own first wait, which it has used up
    await run();
    expect(urls).toHaveLength(2);
    later(1_000);
    answer = accept;
    expect(await run()).toMatchObject({ sent: 2, queued: 0 });
    expect(storage.values.size).toBe(0);
  });

  it('does not wait longer than a day for a clock that was wrong', async () => {
    const storage = memory();
    const failing = collector(() => problemOf(429, { 'retry-after': '9999999' }));
    later(10 * 86_400_000);
    const first = make({ storage, fetch: failing.fetch });
    first.track();
    await first.flush();
    later(-10 * 86_400_000);
    expect(await make({ storage, fetch: collector().fetch }).flush()).toMatchObject({ sent: 1 });
  });

  it('sends nothing more of a version that the collector has retired', async () => {
    const storage = memory();
    const { fetch, urls } = collector(() => problemOf(410));
    const headcount = make({ storage, fetch });
    headcount.track();
    const off = { mode: 'off', reason: 'retired', queued: 0 };
    expect(await headcount.flush()).toMatchObject({ ...off, dropped: 1 });
    const next = make({ storage, fetch });
    next.track();
    expect(await next.flush()).toMatchObject(off);
    expect(urls).toHaveLength(1);
    const newer = make({ storage, fetch: collector().fetch, version: '1.2.4' });
    newer.track();
    expect(await newer.flush()).toMatchObject({ mode: 'on', sent: 1 });
  });

  it('sends smaller requests if one is too large', async () => {
    const sizes: number[] = [];
    const fetch = (_url: unknown, init?: RequestInit): Promise<Response> => {
      const { reports } = JSON.parse(init?.body as string) as { reports: Report[] };
      sizes.push(reports.length);
      return Promise.resolve(reports.length > 2 ? new Response('', { status: 413 }) : accept());
    };
    const headcount = make({ fetch, storage: { ...memory(), get: () => Promise.resolve(null) } });
    for (let count = 0; count < 5; count += 1) headcount.track();
    await headcount.flush();
    expect(await headcount.flush()).toMatchObject({ sent: 5, queued: 0, dropped: 0 });
    expect(sizes).toEqual([5, 2, 2, 1]);
  });

  it('writes to the storage only what has changed', async () => {
    const storage = memory();
    let calls = 0;
    const counted: EdgeStorage = {
      get: (key) => storage.get(key),
      set: (key, value) => ((calls += 1), storage.set(key, value)),
      remove: (key) => ((calls += 1), storage.remove(key)),
    };
    const headcount = make({ storage: counted, fetch: collector().fetch });
    headcount.track();
    await headcount.flush();
    headcount.track();
    await headcount.flush();
    expect(calls).toBe(0);
  });

  it('takes a choice that it cannot read for a no, and other texts for nothing', async () => {
    const { fetch, urls } = collector();
    const odd = memory();
    odd.values.set('headcount:choice', '{"telemetry":"on"');
    const refusing = make({ storage: odd, fetch });
    refusing.track();
    expect(await refusing.flush()).toMatchObject({ mode: 'off', reason: 'choice', queued: 0 });
    expect(urls).toEqual([]);
    for (const text of ['', 'null', '[', '{}', '7', '[7]', '[[7],"x"]']) {
      const junk = memory();
      junk.values.set('headcount:queue', text);
      junk.values.set('headcount:anonymous-id', 'somebody');
      const headcount = make({ storage: junk, fetch, countsInstall: true });
      headcount.track();
      expect(await headcount.flush(), text).toMatchObject({ mode: 'on' });
    }
    expect(urls).toHaveLength(7);
  });

  it('asks `disabled` each time, deletes what waits, and reports again later', async () => {
    const storage = memory();
    let isOff: () => boolean = () => false;
    const { fetch, urls } = collector(() => new Response('', { status: 503 }));
    const headcount = make({ storage, fetch, disabled: () => isOff() });
    headcount.track();
    await headcount.flush();
    expect([...storage.values.keys()]).toEqual(['headcount:queue']);
    isOff = () => {
      throw new Error('of the app');
    };
    headcount.track();
    expect(await headcount.flush()).toMatchObject({ mode: 'off', reason: 'code', queued: 0 });
    expect(urls).toHaveLength(1);
    isOff = () => false;
    later(60_000);
    headcount.track();
    expect(await headcount.flush()).toMatchObject({ mode: 'on', queued: 1 });
    expect(urls).toHaveLength(2);
  });

  it('sends nothing again that a no was said to while it was under way', async () => {
    const storage = memory();
    const headcount = make({
      storage,
      fetch: async () => {
        await headcount.optOut();
        return Response.json({ accepted: 0, rejected: [{ index: 0, retry: true }] });
      },
    });
    headcount.track();
    expect(await headcount.flush()).toMatchObject({ reason: 'choice', queued: 0 });
    expect([...storage.values.keys()]).toEqual(['headcount:choice']);
  });
});

/** What a vector says of an answer, as far as it concerns a client that does not compress. */
interface Input {
  readonly form: string;
  readonly reports: number;
  readonly compressed: boolean;
  readonly response: { status: number; headers: Record<string, string>; body: string };
  readonly now?: string;
}
interface Expected {
  readonly meaning: string;
  readonly retry_after_seconds?: number;
  readonly again?: readonly number[];
  readonly dropped?: readonly number[];
}

describe('headcount/edge reads the answers of test/protocol/answer.json', () => {
  const vectors = vectorsFor<Input, never, Expected>('full', 'answer').filter(
    ({ input }) => input.form === 'batch' && !input.compressed,
  );
  // The zone of the machine: the one form of a date that does not name its zone is obsolete.
  const known = vectors.filter(({ name }) => !name.includes('asctime'));

  it.each(known.map((vector) => [vector.name, vector] as const))('%s', async (_, vector) => {
    const { input, expect: expected } = vector;
    vi.useFakeTimers({ now: new Date(input.now ?? Date.now()), toFake: ['Date'] });
    const { status, headers, body } = input.response;
    let requests = 0;
    const storage = memory();
    const headcount = make({
      storage,
      fetch: () => {
        requests += 1;
        return Promise.resolve(new Response(body === '' ? null : body, { status, headers }));
      },
    });
    for (let count = 0; count < input.reports; count += 1) headcount.track();
    await headcount.flush();
    const { sent, queued, dropped, reason } = headcount.status();
    const { meaning, again = [], dropped: lost = [] } = expected;
    const total = input.reports;
    const outcome = {
      acknowledged: { sent: total - again.length - lost.length, queued: again.length },
      failure: { sent: 0, queued: total },
      refused: { sent: 0, queued: 0 },
      retired: { sent: 0, queued: 0 },
      'too large': total > 1 ? { sent: 0, queued: total } : { sent: 0, queued: 0 },
    }[meaning];
    expect({ sent, queued }).toEqual(outcome);
    expect(dropped).toBe(total - sent - queued);
    expect(reason === 'retired').toBe(meaning === 'retired');
    expect(requests > 1).toBe(meaning === 'too large' && total > 1);
    const asked = expected.retry_after_seconds;
    if (asked === undefined || queued === 0) return;
    const [, untilMs = 0] = JSON.parse(storage.values.get('headcount:queue') ?? '[]') as number[];
    expect(untilMs - Date.now()).toBe(Math.max(1, asked) * 1_000);
  });
});
