import { request } from 'node:http';
import { AssertionError } from 'node:assert';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startTestCollector, type TestCollector } from '../../src/testing.js';
import { bucketLabels, type ManifestEvents } from '../../src/wire/manifest.js';

async function start(): Promise<TestCollector> {
  const collector = await startTestCollector();
  onTestFinished(() => collector.close());
  return collector;
}

let made = 0;
const report = (event = 'startup', rest: object = {}): object => ({
  report_id: `019f0000-0000-7000-8000-${String((made += 1)).padStart(12, '0')}`,
  anonymous_id: '0123456789abcdef',
  timestamp: '2026-11-22T20:58:00.123Z',
  project: 'acme-cli',
  event,
  lost_total: 0,
  info: { os: 'Linux', version: '2.3.1' },
  ...rest,
});

interface Sent {
  readonly body: string | Buffer;
  readonly path?: string;
  readonly headers?: Record<string, string>;
}

/** Sends bytes as any client might. */
const send = (
  { endpoint }: TestCollector,
  { body, path = '/v1/reports', headers = {} }: Sent,
): Promise<{ status: number; retryAfter: string | undefined; body: unknown }> =>
  new Promise((resolve, reject) => {
    const all = { 'content-type': 'application/json', 'user-agent': 'headcount/0.1.0', ...headers };
    const sent = request(
      `${endpoint}${path}`,
      { method: 'POST', headers: all, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            retryAfter: response.headers['retry-after'],
            body: JSON.parse(text),
          }),
        );
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
const sendReports = (collector: TestCollector, ...reports: object[]) =>
  send(collector, { body: JSON.stringify({ sent_at: '2026-11-22T20:58:01.000Z', reports }) });

/** The error of an expectation that must fail. */
async function failureOf(expectation: () => Promise<unknown> | void): Promise<AssertionError> {
  try {
    await expectation();
  } catch (error) {
    if (error instanceof AssertionError) return error;
    throw error;
  }
  throw new Error('the expectation held');
}

describe('the protocol of a test’s collector', () => {
  it('accepts batches, packed ones too, and single reports at other paths', async () => {
    const collector = await start();
    const answer = { status: 202, body: { accepted: 2, rejected: [] } };
    expect(await sendReports(collector, report(), report('render'))).toMatchObject(answer);
    const body = gzipSync(JSON.stringify({ reports: [report('packed')] }));
    await send(collector, { body, headers: { 'content-encoding': 'gzip' } });
    const single = JSON.stringify(report('single'));
    expect(await send(collector, { path: '/?action=statistics', body: single })).toMatchObject({
      status: 200,
      body: { status: 'success' },
    });
    const events = collector.reports.map(({ event }) => event);
    expect(events).toEqual(['startup', 'render', 'packed', 'single']);
  });

  it('counts a repeated report once, and keeps every request', async () => {
    const collector = await start();
    const once = report();
    await sendReports(collector, once);
    await sendReports(collector, once);
    expect(collector.reports).toHaveLength(1);
    expect(collector.requests.map(({ status }) => status)).toEqual([202, 202]);
    expect(collector.requests[0]?.headers).toContainEqual(['user-agent', 'headcount/0.1.0']);
  });

  it.each([
    ['no JSON', { body: 'startup' }, 400],
    ['no reports', { body: '{"reports":[]}' }, 422],
    ['a list', { body: '[1]' }, 422],
    ['a report without an ID', { body: JSON.stringify(report('x', { anonymous_id: '' })) }, 422],
    ['a form', { body: 'a=b', headers: { 'content-type': 'text/plain' } }, 415],
    ['broken gzip', { body: 'x', headers: { 'content-encoding': 'gzip' } }, 400],
    ['2 MB', { body: 'x'.repeat(2_000_000) }, 413],
    [
      'a bomb',
      { body: gzipSync('x'.repeat(9_000_000)), headers: { 'content-encoding': 'gzip' } },
      413,
    ],
  ])('refuses %s as collectors do', async (_, sent, status) => {
    const collector = await start();
    const answer = await send(collector, sent);
    expect(answer).toMatchObject({ status, body: { status } });
    expect(answer.body).toHaveProperty('type', expect.stringMatching(/^urn:headcount:problem:/));
    expect(collector.reports).toEqual([]);
  });

  it('names the reports of a batch that it refuses', async () => {
    const collector = await start();
    const answer = await sendReports(collector, report(), report('x', { info: {} }));
    const rejected = [{ index: 1, code: 'missing_field', path: '/info/os', retry: false }];
    expect(answer.body).toEqual({ accepted: 1, rejected });
  });

  it('answers as it is told, as often as it is told', async () => {
    const collector = await start();
    await collector.answer({ status: 429, retryAfterS: 7 }, { times: 1 });
    expect(await sendReports(collector, report())).toMatchObject({ status: 429, retryAfter: '7' });
    expect(await sendReports(collector, report())).toMatchObject({ status: 202 });
    await collector.answer({ status: 410 });
    const answers = [
      await sendReports(collector, report()),
      await sendReports(collector, report()),
    ];
    const gone = { type: 'urn:headcount:problem:project_closed', status: 410 };
    expect(answers).toMatchObject([{ body: gone }, { body: gone }]);
    expect(collector.reports).toHaveLength(1);
  });

  it('hangs, refuses, and comes back at the same address', async () => {
    const collector = await start();
    await collector.answer('hang');
    const hanging = sendReports(collector, report()).catch((error: NodeJS.ErrnoException) => error);
    await vi.waitFor(() => expect(collector.requests).toHaveLength(1));
    expect(collector.requests[0]?.status).toBeUndefined();
    await collector.answer('refuse');
    expect(await hanging).toMatchObject({ code: 'ECONNRESET' });
    await expect(sendReports(collector, report())).rejects.toThrow('ECONNREFUSED');
    await collector.answer('accept');
    expect(await sendReports(collector, report())).toMatchObject({ status: 202 });
    await collector.answer('refuse');
    await collector.reset();
    expect(collector.reports).toEqual([]);
    expect(await sendReports(collector, report())).toMatchObject({ status: 202 });
  });
});

describe('expectReported()', () => {
  it('waits for the event and the fields, and returns the report', async () => {
    const collector = await start();
    const waiting = collector.expectReported('render', { cached: 'no' });
    await sendReports(collector, report('render', { fields: { cached: 'yes', pages: 1 } }));
    const right = report('render', { fields: { cached: 'no', pages: 2 } });
    await sendReports(collector, right);
    expect(await waiting).toEqual(right);
  });

  it('is not stopped by a clock that the test has replaced', async () => {
    const collector = await start();
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    await failureOf(() => collector.expectReported('render', {}, { withinMs: 30 }));
  });

  it('tells what came instead, as a difference', async () => {
    const collector = await start();
    await sendReports(collector, report('render', { fields: { cached: 'yes' } }));
    await sendReports(collector, report('render', { fields: { cached: 'yes' } }), report());
    const expected = { cached: 'no' };
    const error = await failureOf(() =>
      collector.expectReported('render', expected, { withinMs: 20 }),
    );
    expect(error.message).toContain('render { cached: "no" } was not reported within 20 ms');
    expect(error.message).toContain('render { cached: "yes" } × 2');
    expect(error.actual).toContainEqual({ event: 'render', fields: { cached: 'yes' } });
    expect(error.expected).toEqual([{ event: 'render', fields: { cached: 'no' } }]);
  });

  it.each([
    ['nothing was recorded', false, /has written nothing.*collector\.env/],
    ['something waits to be sent', true, /something was recorded.*close\(\)/],
  ])('says so if nothing came and %s', async (_, hasFiles, text) => {
    const collector = await start();
    if (hasFiles) {
      const folder = join(collector.home, '.local', 'share', 'headcount', 'acme-cli');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'outbox'), '');
    }
    const error = await failureOf(() => collector.expectReported('startup', {}, { withinMs: 10 }));
    expect(error.message).toMatch(/No report came/);
    expect(error.message).toMatch(text);
  });

  it('tells of requests that failed, or that have no answer', async () => {
    const collector = await start();
    await collector.answer({ status: 503 });
    await sendReports(collector, report());
    const error = await failureOf(() => collector.expectReported('a', {}, { withinMs: 10 }));
    expect(error.message).toContain('Requests that failed: 1 (503)');
  });

  it('does not take what every object inherits for a field', async () => {
    const collector = await start();
    await sendReports(collector, report('render'));
    const inherited = { toString: 'x' };
    await failureOf(() => collector.expectReported('render', inherited, { withinMs: 10 }));
  });
});

describe('expectNothing() and expectOff()', () => {
  it('hold if nothing comes', async () => {
    const collector = await start();
    await collector.expectNothing({ withinMs: 50 });
    await collector.expectOff({ withinMs: 0 });
  });

  it('fail at once if something comes', async () => {
    const collector = await start();
    const failure = failureOf(() => collector.expectNothing({ withinMs: 60_000 }));
    await sendReports(collector, report('render'));
    expect((await failure).message).toMatch(/Nothing was expected[^]*render/);
    expect((await failure).actual).toEqual([{ event: 'render', fields: {} }]);
    await collector.reset();
    await collector.expectNothing({ withinMs: 20 });
  });

  it('expectOff() fails if Headcount has a file in the home', async () => {
    const collector = await start();
    const folder = join(collector.home, '.config', 'headcount', 'acme-cli');
    mkdirSync(folder, { recursive: true });
    await collector.expectOff({ withinMs: 0 });
    writeFileSync(join(folder, 'anonymous-id'), '');
    const error = await failureOf(() => collector.expectOff({ withinMs: 0 }));
    expect(error.actual).toEqual([join(folder, 'anonymous-id')]);
  });
});

describe('expectDeclared()', () => {
  const events: ManifestEvents = {
    render: {
      description: 'A page was rendered.',
      fields: {
        cached: { kind: 'enum', values: ['yes', 'no'] },
        kb: { kind: 'bucket', bounds: [10], values: bucketLabels([10]) },
      },
    },
  };

  it('holds for what is declared, and for the events of every app', async () => {
    const collector = await start();
    const fields = { cached: 'no', kb: '<10' };
    await sendReports(collector, report(), report('alive'), report('render', { fields }));
    collector.expectDeclared({ events });
  });

  it.each([
    ['an event', { event: 'build' }, 'the event "build" is not declared'],
    ['a field', { fields: { user: 1 } }, 'the field "user" of "render" is not declared'],
    ['a value', { fields: { cached: 'maybe' } }, '"maybe" is no declared value'],
    ['a fact', { info: { os: 'Linux', version: '1', host: 'x' } }, '"info.host" is no property'],
    ['a member', { user: 'x' }, '"user" is no property'],
    [
      'a path',
      { fields: { cached: '/home/ada/x' } },
      'fields.cached looks like personal data (path)',
    ],
    ['an address', { info: { os: 'Linux', version: 'ada@acme.dev' } }, 'info.version looks like'],
    ['a marker', { fields: { cached: '<email>' } }, 'fields.cached was personal data (email)'],
    ['inherited names', { fields: { constructor: 'x' } }, '"constructor" of "render"'],
  ])('finds %s', async (_, rest, text) => {
    const collector = await start();
    await sendReports(collector, report('render', rest));
    const error = await failureOf(() => collector.expectDeclared({ events }));
    expect(error.message).toContain(text);
    expect(error.actual).toContainEqual(expect.stringContaining(text));
  });
});

describe('the headers of requests', () => {
  it.each([
    ['a name of the app', { 'user-agent': 'acme-cli/2.3.1 (ada)' }, '"user-agent" tells more'],
    ['a cookie', { cookie: 'id=1' }, 'the header "cookie" is not needed'],
    ['a trace', { traceparent: '00-x' }, 'the header "traceparent" is not needed'],
  ])('must not have %s', async (_, headers, text) => {
    const collector = await start();
    await send(collector, { body: JSON.stringify(report()), headers });
    const error = await failureOf(() => collector.expectDeclared({ events: {} }));
    expect(error.message).toContain(text);
  });
});

describe('applyTo()', () => {
  it('sets and takes away variables, until close()', async () => {
    const collector = await startTestCollector({ project: '@acme/cli' });
    const before = { HOME: '/home/ada', DO_NOT_TRACK: '1', ACME_CLI_TELEMETRY_DISABLED: '1' };
    const env: Record<string, string | undefined> = { ...before };
    collector.applyTo(env);
    expect(env).toMatchObject({
      HOME: collector.home,
      HEADCOUNT_TEST_COLLECTOR: collector.endpoint,
    });
    for (const name of ['DO_NOT_TRACK', 'ACME_CLI_TELEMETRY_DISABLED']) {
      expect(Object.keys(env)).not.toContain(name);
    }
    await collector.close();
    expect(env).toEqual(before);
    expect(existsSync(collector.home)).toBe(false);
  });
});

describe('an argument that cannot be meant', () => {
  const refusals: readonly (readonly [string, (collector: TestCollector) => unknown, string])[] = [
    ['no manifest', (it) => it.expectDeclared(wrong(undefined)), 'declared must be the manifest'],
    ['an empty manifest', (it) => it.expectDeclared(wrong({})), 'declared.events must be'],
    [
      'a manifest of something else',
      (it) => it.expectDeclared(wrong({ events: { render: 5 } })),
      'events.render must be as in the manifest',
    ],
    [
      'events as an app writes them',
      (it) => it.expectDeclared(wrong({ events: { render: { fields: { cached: ['yes'] } } } })),
      'events.render must be as in the manifest',
    ],
    ['a word', (it) => it.answer(wrong('foo')), "answer must be 'accept', 'hang'"],
    ['no answer', (it) => it.answer(wrong(null)), 'and is null'],
    ['a small status', (it) => it.answer({ status: 99 }), 'answer.status must be a whole number'],
    ['a status of text', (it) => it.answer(wrong({ status: 'x' })), "and is 'x'"],
    ['a past', (it) => it.answer({ status: 503, retryAfterS: -5 }), 'retryAfterS must be a number'],
    ['no times', (it) => it.answer('hang', { times: 0 }), 'limit.times must be'],
    ['no event', (it) => it.expectReported(''), 'event must be the name of an event'],
    ['a field of nothing', (it) => it.expectReported('a', wrong({ b: null })), 'fields.b must be'],
    [
      'no number',
      (it) => it.expectReported('a', {}, { withinMs: Number.NaN }),
      'expectReported(): withinMs must be a number from 0',
    ],
    ['a time ago', (it) => it.expectNothing({ withinMs: -1 }), 'expectNothing(): withinMs'],
    ['for ever', (it) => it.expectOff({ withinMs: Infinity }), 'expectOff(): withinMs'],
    ['no variables', (it) => it.applyTo(wrong(undefined)), 'env must be process.env'],
    ['a number', () => startTestCollector({ project: wrong(5) }), 'options.project must be'],
  ];

  it.each(refusals)('is refused at once, and named: %s', async (_, misuse, text) => {
    const collector = await start();
    const refused = async (): Promise<unknown> => misuse(collector);
    await expect(refused()).rejects.toThrow(TypeError);
    await expect(refused()).rejects.toThrow(text);
  });

  it('is anything after close()', async () => {
    const collector = await startTestCollector();
    await sendReports(collector, report());
    await collector.close();
    for (const late of [
      () => collector.expectReported(),
      () => collector.expectNothing({ withinMs: 0 }),
      () => collector.expectOff({ withinMs: 0 }),
      () => collector.expectDeclared({ events: {} }),
    ]) {
      expect((await failureOf(late)).message).toMatch(/after close\(\)/);
    }
    await expect(collector.reset()).rejects.toThrow('after close()');
    await expect(collector.answer('accept')).rejects.toThrow('after close()');
    expect(() => collector.applyTo({})).toThrow('after close()');
    await collector.close(); // as often as one likes
  });
});

/** The cast: what a test of JavaScript may pass. */
const wrong = (value: unknown): never => value as never;
