import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { nodeRelease } from '../support/fault-tools.js';
import { reportsIn } from '../support/http-recorder.js';
import { type RawRequest, startRawServer } from '../support/raw-server.js';
import { createTestApp, type RunOptions } from '../support/run-app.js';

const GOLDEN = readFileSync(new URL('../golden/request-head.txt', import.meta.url), 'utf8');
const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };
/** A version that tells who has built the app. */
const PERSONAL = '2.3.1-ada-lovelace-macbook+git.ada@corp.example';
const PACKAGE = { name: '@acme/cli', version: PERSONAL };

const FILES = {
  'package.json': PACKAGE,
  'cli.mjs': `import { track } from 'headcount';
    for (let i = 0; i < Number(process.argv[2]); i += 1) track();`,
  // As a program that watches an app does, by every way that Node and undici offer.
  'server.mjs': `import { createHeadcount } from 'headcount';
    import channels from 'node:diagnostics_channel';
    import http from 'node:http';
    const trace = (request) => {
      try { (request.addHeader ?? request.setHeader).call(request, 'traceparent', '00-ada'); } catch {}
    };
    channels.subscribe('undici:request:create', ({ request }) => trace(request));
    channels.subscribe('http.client.request.created', ({ request }) => trace(request));
    channels.subscribe('http.client.request.start', ({ request }) => trace(request));
    const { request } = http;
    http.request = (...args) => { const made = request(...args); trace(made); return made; };
    const headcount = createHeadcount();
    for (let i = 0; i < Number(process.argv[2]); i += 1) headcount.track();
    console.log(JSON.stringify(await headcount.flush({ timeoutMs: 10_000 })));`,
};

const ALONE = [
  ...['--permission', '--allow-fs-read=*', '--allow-fs-write=*'],
  '--disable-warning=SecurityWarning',
];
interface Way extends RunOptions {
  readonly script: 'cli.mjs' | 'server.mjs';
  readonly connection: 'keep-alive' | 'close';
}
const WAYS: [string, Way][] = [
  ['the thread', { script: 'server.mjs', connection: 'keep-alive' }],
  ['the child', { script: 'cli.mjs', connection: 'keep-alive' }],
  [
    'the host’s own thread',
    { script: 'server.mjs', connection: 'close', node: nodeRelease('22'), nodeArgs: ALONE },
  ],
  [
    'the thread without WebAssembly',
    { script: 'server.mjs', connection: 'keep-alive', nodeArgs: ['--jitless'] },
  ],
  [
    'the host’s own thread without WebAssembly',
    {
      ...{ script: 'server.mjs', connection: 'close' },
      node: nodeRelease('24'),
      nodeArgs: [...ALONE, '--jitless'],
    },
  ],
];

/** The bytes of a request's head by the golden file. */
function golden(
  { body }: RawRequest,
  values: { path: string; port: number; connection: string; isZipped: boolean },
): string {
  const filled = GOLDEN.trimEnd()
    .replace('<path>', values.path)
    .replace('<port>', String(values.port))
    .replace('<connection>', values.connection)
    .replace('<version>', version)
    .replace('<length>', String(body.length))
    .split('\n');
  if (values.isZipped) filled.splice(-1, 0, 'content-encoding: gzip');
  return filled.join('\r\n');
}

describe.each(WAYS)('a request by %s', (_, { script, connection, ...options }) => {
  it.each([
    ['/v1/reports', 1, false],
    ['/v1/reports', 20, true],
    ['/stats/report?v=1', 1, false],
  ])('to %s with %i reports is what is promised, to the last byte', async (path, count, zip) => {
    const server = await startRawServer();
    const app = createTestApp(FILES);
    const env = { HEADCOUNT_ENDPOINT: server.address + path };
    const run = await app.run(script, { ...options, env, args: [String(count)] });
    expect(run.code).toBe(0);
    await eventually(() => server.requests.length === 1, 'the request');
    const [request] = server.requests as [RawRequest];
    const { port } = server;
    const isZipped = request.head.includes('content-encoding');
    // In the host's thread, compressing would block the app.
    if (connection === 'keep-alive') expect(isZipped).toBe(zip);
    expect(request.head).toBe(golden(request, { path, port, connection, isZipped }));
    const text = (isZipped ? gunzipSync(request.body) : request.body).toString();
    expect(reportsIn({ body: text })).toHaveLength(count);
    expect(request.head + text).not.toMatch(/lovelace|macbook|corp|traceparent/i);
  });
});

describe('a project whose package.json has a personal name', () => {
  it.each(['ada@corp.example', '/home/ada/cli', 'mac.ada.corp.example.com'])(
    'sends nothing, and says why: %s',
    async (name) => {
      const server = await startRawServer();
      const app = createTestApp({
        'package.json': { name, version: '1.0.0' },
        'server.mjs': `import { createHeadcount } from 'headcount';
          const headcount = createHeadcount(); headcount.track();
          await headcount.flush({ timeoutMs: 8_000 });
          console.log(headcount.status().error);`,
      });
      const env = { HEADCOUNT_ENDPOINT: server.address };
      const run = await app.run('server.mjs', { env });
      expect(run.stdout).toMatch(/^the project’s name looks personal \((email|path|host)\)\n$/);
      await app.run('cli.mjs', { env });
      expect(server.requests).toEqual([]);
    },
  );

  it('is told from harmless names', async () => {
    for (const name of ['@acme/cli', 'socket.io', 'hf-transformers', 'is-promise-2', 'café']) {
      const server = await startRawServer();
      const app = createTestApp({ ...FILES, 'package.json': { name, version: '1.0.0' } });
      await app.run('server.mjs', { env: { HEADCOUNT_ENDPOINT: server.address }, args: ['1'] });
      expect([name, server.requests.length]).toEqual([name, 1]);
    }
  });
});

describe('headcount show', () => {
  it('prints the headers of the next request, which are those it has', async () => {
    const server = await startRawServer();
    const app = createTestApp({
      'show.mjs': `import { createHeadcount } from 'headcount';
        import { runCommand } from 'headcount/cli';
        const headcount = createHeadcount();
        for (let i = 0; i < 20; i += 1) headcount.track();
        const { headers } = await headcount.show();
        const lines = [];
        const terminal = { out: (text) => lines.push(text), err: (text) => lines.push(text) };
        await runCommand(headcount, ['show'], { terminal });
        await runCommand(headcount, ['show', '--json'], { terminal });
        await headcount.flush({ timeoutMs: 10_000 });
        console.log(JSON.stringify({ headers, text: lines[1], json: JSON.parse(lines.at(-1)) }));`,
    });
    const { stdout } = await app.run('show.mjs', { env: { HEADCOUNT_ENDPOINT: server.address } });
    const { headers, text, json } = JSON.parse(stdout) as {
      headers: Record<string, string>[];
      text: string;
      json: { headers: unknown };
    };
    const [, ...sent] = (server.requests[0]?.head ?? '').split('\r\n');
    // The time of the request is in its body, so that the compressed length may differ a little.
    const withoutLength = (lines: readonly string[]): string[] =>
      lines.filter((line) => !line.startsWith('content-length'));
    const lines = Object.entries(headers[0] ?? {}).map((pair) => pair.join(': '));
    expect(lines.at(-1)).toMatch(/^content-length: \d+$/);
    expect(withoutLength(lines)).toEqual(withoutLength(sent));
    expect(sent).toContain('content-encoding: gzip');
    expect(withoutLength(text.split('\n')).slice(0, -2)).toEqual(withoutLength(lines));
    expect(json.headers).toMatchObject([{ 'user-agent': `headcount/${version}` }]);
  });
});
