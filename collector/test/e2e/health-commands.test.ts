import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { CLI } from '../support/built.js';
import { createAuthority } from '../support/certificates.js';
import { fullReport, reportId } from '../support/reports.js';
import { post } from '../support/load.js';
import { type CollectorProcess, startProcess } from '../support/start-process.js';
import { type AtEnd, temporaryFolder } from '../support/temporary-folder.js';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command with nothing in its environment but what is given, and no home of anybody. */
async function run(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const home = temporaryFolder(onTestFinished);
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [CLI, ...args],
      { env: { PATH: process.env['PATH'] ?? '', HOME: home, USERPROFILE: home, ...env } },
      (error, stdout, stderr) => {
        resolve({
          code: typeof error?.code === 'number' ? error.code : error ? -1 : 0,
          stdout,
          stderr,
        });
      },
    );
  });
}

/** A server that is no collector. */
async function otherServer(): Promise<string> {
  const server = createServer((_request, response) => response.end('{"status":"ok"}'));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that takes connections and never answers. */
async function silentServer(): Promise<string> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server of plain bytes. */
async function rawServer(answer: (socket: Socket) => void): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    answer(socket);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n';

/** Sends without end, as fast as it is read. */
function pour(socket: Socket): void {
  const chunk = 'x'.repeat(1024 ** 2);
  const go = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', go);
  socket.write(HEAD);
  go();
}

const NOBODY = 'http://127.0.0.1:9';
const ended: (() => unknown)[] = [];
const atEnd: AtEnd = (end) => void ended.push(end);
let data = '';
let collector: CollectorProcess;

beforeAll(async () => {
  data = temporaryFolder(atEnd);
  // Its token is in its data folder.
  const env = { HEADCOUNT_ADMIN_TOKEN: '' };
  collector = await startProcess(['--port', '0', '--no-announce', '--data', data], env, { atEnd });
  await collector.url();
});

afterAll(async () => {
  for (const end of ended.reverse()) await end();
});

describe('headcount-collector health', () => {
  it('finds the collector by its data folder, and ends with 0 in one line', async () => {
    for (const [args, env] of [
      [['--data', data], {}],
      [[], { HEADCOUNT_DATA: data }],
      [['--url', await collector.url()], {}],
    ] as const) {
      const { code, stdout } = await run(['health', ...args], env);
      expect([code, stdout]).toEqual([0, expect.stringMatching(/^healthy[^\n]*\n$/)]);
    }
  });

  it('ends with 1, and says why, where none runs or another server answers', async () => {
    const empty = temporaryFolder();
    for (const [args, why] of [
      [['--data', empty], /^unhealthy: No collector runs on the data folder/],
      [['--url', NOBODY], /^unhealthy: No collector answers at/],
      [['--url', await otherServer()], /^unhealthy: What answers .* is no Headcount collector/],
    ] as const) {
      const { code, stdout, stderr } = await run(['health', ...args]);
      expect([code, stderr]).toEqual([1, '']);
      expect(stdout).toMatch(why);
      expect(stdout.trimEnd()).not.toContain('\n');
    }
    expect(await run(['health', '--data', join(empty, 'none')])).toMatchObject({ code: 1 });
    expect(await run(['health', '--loud'])).toMatchObject({ code: 1, stdout: '' });
  });
});

/** A line of a plugin, as the guidelines have it: text, a bar, and figures. */
const LINE = /^HEADCOUNT (OK|WARNING|CRITICAL|UNKNOWN) - ([^|\n]+?)(?: \| ([^|\n]+))?\n$/;
const FIGURE = /^[a-z_]+=-?\d+(\.\d+)?(s|ms|%|B)?(;[^;]*){0,4}$/;

describe('headcount-collector check', () => {
  it.each([
    [['-c', '0'], 2, /^HEADCOUNT CRITICAL - .*, which --critical 0 tells of \|/],
    [['-w', '0'], 1, /^HEADCOUNT WARNING - .*, which --warning 0 tells of \|/],
  ])('names the range that an answer is outside of: %j', async (args, expected, line) => {
    const { code, stdout } = await run(['check', '--data', data, ...args]);
    expect(stdout).toMatch(line);
    expect(code).toBe(expected);
  });

  it('does not take the name of a condition that there is not', async () => {
    const { code, stdout } = await run(['check', '--data', data, '--ignore', 'bakcup']);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^HEADCOUNT UNKNOWN - --ignore must be one of .*backup.*"bakcup"/);
  });

  it('prints one line with figures and their bounds, and its state as the code', async () => {
    const { code, stdout } = await run(['check', '--data', data, '-w', '30', '-c', '~:60']);
    const [, state = '', text = '', figures = ''] = LINE.exec(stdout) ?? [];
    expect(['OK', 'WARNING'].indexOf(state)).toBe(code);
    expect(text).toContain('answered in');
    const all = figures.split(' ');
    for (const figure of all) expect(figure).toMatch(FIGURE);
    expect(all[0]).toMatch(/^time=\d+\.\d+s;30;~:60;0$/);
    expect(figures).toMatch(/ cpu=[\d.]+%;80;;0;100 | memory=[\d.]+%;90;;0;100 /);
    expect(figures).toMatch(
      / memory=[\d.]+%;90;;0;100 memory_free=\d+B;536870912:;;0 disk=[\d.]+%;90;;0;100/,
    );
  });

  it('is well without a token, and says that warnings need one', async () => {
    const { code, stdout } = await run(['check', '-u', await collector.url()]);
    expect([code, stdout]).toEqual([0, expect.stringContaining('warnings need a token')]);
  });

  it('is warning or critical if the answer takes too long', async () => {
    const ignored = ['cpu', 'memory', 'memory_free', 'disk', 'disk_full_soon'].flatMap((name) => [
      '--ignore',
      name,
    ]);
    expect((await run(['check', '--data', data, ...ignored])).code).toBe(0);
    expect((await run(['check', '--data', data, ...ignored, '-w', '0'])).code).toBe(1);
    expect((await run(['check', '--data', data, ...ignored, '-c', '0'])).code).toBe(2);
    expect((await run(['check', '--data', data, ...ignored, '-w', '@60:90'])).code).toBe(0);
  });

  it('is critical without an answer, and not known where it cannot tell', async () => {
    const cases: [string[], number, RegExp][] = [
      [['-u', NOBODY], 2, /CRITICAL - No collector answers/],
      [['-u', await silentServer(), '-t', '0.3'], 2, /CRITICAL - .* within 0\.3 seconds/],
      [['-u', await otherServer()], 3, /UNKNOWN - What answers/],
      [['-w', 'soon'], 3, /UNKNOWN - --warning must be a range/],
      [['-c', '9:1'], 3, /UNKNOWN - --critical must be a range/],
      [['-t', '0'], 3, /UNKNOWN - --timeout must be/],
      [['--loud'], 3, /UNKNOWN - /],
      [['--data', join(data, 'none')], 3, /UNKNOWN - There is no data folder/],
      [['-V'], 0, /^headcount-collector check \d/],
      [['-h'], 0, /^Usage: headcount-collector check/],
    ];
    for (const [args, code, line] of cases) {
      const answer = await run(['check', ...args]);
      expect([args, answer.code, answer.stderr]).toEqual([args, code, '']);
      expect(answer.stdout).toMatch(line);
    }
  });

  it('tells a warning, as of a proxy that is not named, unless it is to be left out', async () => {
    const url = await collector.url();
    await fetch(`${url}/livez`, { headers: { 'x-forwarded-for': '192.0.2.1' } });
    const { code, stdout } = await run(['check', '--data', data]);
    expect(code).toBe(1);
    expect(stdout).toMatch(LINE);
    expect(stdout).toMatch(/WARNING - .*proxy: Since /);
    expect(stdout).toMatch(/ proxy=\d+;0;;0/);
    expect((await run(['check', '--data', data, '--ignore', 'proxy'])).stdout).not.toContain(
      'Since',
    );
  });
});

/** What else may answer, and the code of `check` for it. */
const ODD: readonly (readonly [string, (socket: Socket) => unknown, number])[] = [
  ['garbage', (socket) => socket.end('\0\x01 what is this?\r\n\r\n'), 2],
  ['an answer without end', pour, 2],
  ['the head of an answer alone', (socket) => socket.write(HEAD), 2],
  ['an end without an answer', (socket) => socket.destroy(), 2],
  [
    'a proxy that reaches nobody',
    (socket: Socket) => void socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 3\r\n\r\nbad'),
    2,
  ],
  ['another page', (socket) => socket.end(`${HEAD}<html>`), 3],
  ['another JSON', (socket) => socket.end(`${HEAD}{"status":"healthy"}`), 3],
];

describe('both', () => {
  it.each(ODD)(
    'end in time, in one line and without the token, for %s',
    async (_what, answer, code) => {
      const url = await rawServer(answer);
      const env = { HEADCOUNT_TOKEN: 'a-secret-token' };
      const startedAt = performance.now();
      const [checked, healthy] = await Promise.all([
        run(['check', '-u', url, '-t', '3'], env),
        run(['health', '--url', url], env),
      ]);
      expect(performance.now() - startedAt).toBeLessThan(20_000);
      expect([checked.code, checked.stderr]).toEqual([code, '']);
      expect(checked.stdout).toMatch(LINE);
      expect([healthy.code, healthy.stderr]).toEqual([1, '']);
      expect(healthy.stdout).toMatch(/^unhealthy: [^\n]+\n$/);
      expect(checked.stdout + healthy.stdout).not.toContain('a-secret-token');
    },
  );

  it('have one time for all of their requests', async () => {
    const refused = 'HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\n{}';
    const url = await rawServer((socket) => {
      socket.on('data', () => setTimeout(() => socket.write(refused), 1500));
    });
    const { code, stdout } = await run(['check', '-u', url, '-t', '2'], { HEADCOUNT_TOKEN: 'x' });
    expect([code, stdout]).toEqual([2, expect.stringContaining('within 2 seconds')]);
  });

  it('print no password of a URL and no token that cannot be sent', async () => {
    for (const [args, env] of [
      [['check', '-u', 'ftp://ann:hunter2@a.example'], {}],
      [['health', '--url', 'ftp://ann:hunter2@a.example'], {}],
      [['check', '-u', 'http://ann:hunter2@127.0.0.1:9'], {}],
      [['check', '-u', NOBODY], { HEADCOUNT_TOKEN: 'hunter2\nmore' }],
      [['health', '--url', NOBODY], { HEADCOUNT_TOKEN: 'hunter2\nmore' }],
    ] as const) {
      const { code, stdout, stderr } = await run(args, env);
      expect(code).toBeGreaterThan(0);
      expect(stdout + stderr).not.toContain('hunter2');
    }
  });

  it.each([
    ['IPv6', ['--host', '::1'], /^http:\/\/\[::1\]/],
    ['a base path and names', ['--base-path', '/counts', '--hosts', 'stats.example'], /^http:/],
    ['a certificate of its own', ['TLS'], /^https:/],
  ] as const)('find a collector with %s by its data folder', async (_what, given, scheme) => {
    const folder = temporaryFolder();
    const own = createAuthority(folder).issue('own', 'stats.example');
    const options = given[0] === 'TLS' ? ['--tls-cert', own.cert, '--tls-key', own.key] : given;
    const env = { HEADCOUNT_ADMIN_TOKEN: '' };
    const data2 = join(folder, 'data');
    const args = ['--port', '0', '--no-announce', '--no-metrics', '--data', data2, ...options];
    const other = await startProcess(args, env);
    expect(await other.url()).toMatch(scheme);
    const healthy = await run(['health', '--data', data2]);
    expect([healthy.code, healthy.stdout]).toEqual([0, expect.stringMatching(/^healthy/)]);
    const { code, stdout } = await run(['check', '--data', data2]);
    expect(stdout).toMatch(LINE);
    expect(code).toBeLessThan(2);
    const [, , , figures = ''] = LINE.exec(stdout) ?? [];
    for (const figure of figures.split(' ')) expect(figure).toMatch(FIGURE);
    const examined = await run(['doctor', '--data', data2]);
    expect(examined.stdout).toMatch(/^ok +collector: It takes and counts reports/m);
    if (given[0] === 'TLS') {
      expect(figures).toMatch(/ certificate=\d+s;1209600:;/);
      // By its URL, nobody vouches for the certificate.
      const untrusted = await run(['check', '-u', await other.url()]);
      expect([untrusted.code, untrusted.stdout]).toEqual([
        2,
        expect.stringMatching(/not trusted .*NODE_EXTRA_CA_CERTS/),
      ]);
    }
    if (given[0] === '--base-path') {
      const through = await run(['check', '-u', `${await other.url()}/counts/`]);
      expect(through.code).toBeLessThan(2);
    }
  });
});

describe('headcount-collector doctor', () => {
  it('looks at everything, changes nothing, and harms no running collector', async () => {
    const before = readdirSync(data).sort();
    const url = await collector.url();
    const sent = Array.from({ length: 20 }, () =>
      post(`${url}/v1/reports`, { reports: [fullReport({ anonymous_id: reportId() })] }),
    );
    const { stdout, stderr } = await run(['doctor', '--data', data, '--url', url]);
    expect(await Promise.all(sent)).toEqual(sent.map(() => 202));
    expect(stderr).toBe('');
    for (const line of [
      /^ok +owner: .*mode 700/m,
      /fsync: fsync takes [\d.]+ ms/,
      /^ok +clock of disk: /m,
      /disk: [\d.]+ GiB of the disk are free/,
      /^ok +collector: It takes and counts reports/m,
      /^ok +clock of collector: /m,
      /^warn +TLS: .* has no TLS/m,
      /^ok +public URL: /m,
    ]) {
      expect(stdout).toMatch(line);
    }
    expect(readdirSync(data).sort()).toEqual(before);
    expect((await run(['health', '--data', data])).code).toBe(0);
  });

  it('says nothing of a proxy that it has not reached', async () => {
    const url = 'http://127.0.0.1:1';
    const { code, stdout } = await run(['doctor', '--data', data, '--url', url]);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^FAIL +public URL: /m)]);
    expect(stdout).not.toContain('proxy:');
  });

  it('tells what is wrong of a folder, with what to do, and ends with 1', async () => {
    const folder = temporaryFolder();
    const none = await run(['doctor', '--data', join(folder, 'none')]);
    expect([none.code, none.stdout]).toEqual([1, expect.stringMatching(/^FAIL +folder: /m)]);
    expect(existsSync(join(folder, 'none'))).toBe(false);
    const open = join(folder, 'open');
    mkdirSync(open);
    chmodSync(open, 0o755);
    const opened = await run(['doctor', '--data', open]);
    expect(opened.code).toBe(1);
    expect(opened.stdout).toMatch(/^warn +owner: .*chmod 700/m);
    expect(opened.stdout).toMatch(/^FAIL +collector: No collector runs/m);
    expect(readdirSync(open)).toEqual([]);
    expect(statSync(open).mode & 0o777).toBe(0o755);
    rmSync(open, { recursive: true });
  });

  it('tells a public URL at which somebody else answers', async () => {
    const { code, stdout } = await run([
      'doctor',
      '--data',
      data,
      '--url',
      `${await silentServer()}`,
    ]);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^FAIL +public URL: /m)]);
  });
});
