import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { post } from '../support/load.js';
import { fullReport } from '../support/reports.js';
import { startProcess, type CollectorProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

interface Said {
  readonly code: number | NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

const now = (): string => new Date().toISOString();

async function serve(env: Record<string, string> = {}): Promise<CollectorProcess> {
  const collector = await startProcess(
    ['serve', '--port', '0', '--data', temporaryFolder(), '--log-level', 'silent'],
    env,
  );
  await collector.url();
  return collector;
}

async function stats(args: readonly string[], env: Record<string, string>): Promise<Said> {
  const command = await startProcess(['stats', ...args], env);
  const code = await command.ended;
  return { code, out: command.stdout(), err: command.stderr() };
}

/** Two runs of one user, one of another, and a build farm's; and one of another project. */
async function report(url: string): Promise<void> {
  for (const [anonymous_id, project] of [
    ['aaaaaaaaaaaaaaaa', 'acme-cli'],
    ['aaaaaaaaaaaaaaaa', 'acme-cli'],
    ['bbbbbbbbbbbbbbbb', 'acme-cli'],
    ['ci-github', 'acme-cli'],
    ['aaaaaaaaaaaaaaaa', '@acme/\u001b[31mother'],
  ] as const) {
    const one = fullReport({ anonymous_id, project, timestamp: now() });
    expect(await post(`${url}/v1/reports`, one)).toBe(202);
  }
}

async function serveOther(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('headcount-collector stats', () => {
  it('prints the counts of each project of the collector on this machine', async () => {
    const HOME = temporaryFolder();
    const collector = await serve({ HOME });
    const before = await stats([], { HOME });
    expect(before).toMatchObject({ code: 0, err: '' });
    expect(before.out).toBe(
      `The collector at ${await collector.url()} has counted no report yet.\n`,
    );

    await report(await collector.url());
    const { code, out, err } = await stats([], { HOME });
    expect([code, err]).toEqual([0, '']);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toMatch(
      /^project +people +today +7 days +28 days +change +CI +reports +last 14 days +last seen \(UTC\)$/,
    );
    // What a stranger has sent cannot colour the terminal.
    expect(lines[1]).toMatch(
      /^@acme\/\uFFFD\[31mother +1 +1 +1 +1 +new +0 +1 +▁{14} +20\d\d-\d\d-\d\d \d\d:\d\d$/,
    );
    expect(lines[2]).toMatch(
      /^acme-cli +2 +2 +2 +2 +new +1 +4 +▁{14} +20\d\d-\d\d-\d\d \d\d:\d\d$/,
    );
    expect(lines).toHaveLength(3);
  });

  it('prints JSON, of the projects that are named, from the collector that is named', async () => {
    const collector = await serve();
    const url = await collector.url();
    await report(url);
    const env = { HOME: temporaryFolder() };
    const all = await stats(['--json', '--url', `${url}/`], env);
    const some = await stats(['--json', `--url=${url}`, '--project', 'acme-cli'], env);
    expect([all.code, some.code, all.err, some.err]).toEqual([0, 0, '', '']);
    const acme = {
      project: 'acme-cli',
      total_users: 2,
      daily_active_users: 2,
      weekly_active_users: 2,
      monthly_active_users: 2,
      ci_users: 1,
      total_reports: 4,
      unusual: false,
      last_seen: expect.stringMatching(/^20\d\d-.*Z$/) as string,
      morning: expect.objectContaining({ today: 2, warnings: [] }) as object,
    };
    expect(JSON.parse(all.out)).toEqual({
      url,
      projects: [expect.objectContaining({ total_users: 1, total_reports: 1 }), acme],
    });
    expect(JSON.parse(some.out)).toEqual({ url, projects: [acme] });
  });

  it('refuses a project that there is not, and a data folder that there is not', async () => {
    const collector = await serve();
    const url = await collector.url();
    await report(url);
    const HOME = temporaryFolder();
    for (const format of [[], ['--json']]) {
      const named = ['--project', 'acme-cli', '--project', 'nope', ...format];
      const unknown = await stats([`--url=${url}`, ...named], { HOME });
      expect([unknown.code, unknown.out]).toEqual([1, '']);
      expect(unknown.err).toContain(`There is no project "nope" with counts at ${url}`);
      expect(unknown.err).toContain('stats lists the projects');
    }
    const file = join(HOME, 'file');
    writeFileSync(file, '');
    for (const data of [join(HOME, 'none'), file, join(file, 'below')]) {
      const { code, out, err } = await stats(['--data', data], { HOME });
      expect([code, out]).toEqual([1, '']);
      expect(err).toContain(`There is no data folder at ${data}. Choose it with --data`);
      expect(err).not.toContain('8081');
    }
  });

  it('gives the list of projects and when somebody was seen with a token alone', async () => {
    const token = 'the-administrator-of-tests';
    const collector = await serve({ HEADCOUNT_ADMIN_TOKEN: token });
    const url = await collector.url();
    await report(url);
    const none = { HEADCOUNT_ADMIN_TOKEN: '' };
    const refused = await stats([`--url=${url}`], none);
    expect([refused.code, refused.out]).toEqual([1, '']);
    for (const word of ['HEADCOUNT_ADMIN_TOKEN', '--project']) expect(refused.err).toContain(word);
    const wrong = await stats([`--url=${url}`], { HEADCOUNT_ADMIN_TOKEN: `${token}s` });
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('--project');
    const given = await stats([`--url=${url}`], { HEADCOUNT_ADMIN_TOKEN: token });
    expect([given.code, given.out]).toEqual([0, expect.stringContaining('acme-cli')]);
    const summary = await stats([`--url=${url}`, '--project=acme-cli'], none);
    expect([summary.code, summary.out]).toEqual([0, expect.stringMatching(/ 4 +not shown\n/)]);
  });

  it.each(['', '{', '[]', '{"url":"x","pid":1,"started_at":"y"}', '{"url":7}'])(
    'looks at the default address where the file is damaged: %s',
    async (text) => {
      const HOME = temporaryFolder();
      const folder = join(HOME, '.config', 'headcount');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'collector.json'), text);
      const { out, err } = await stats(['--project', 'x', '--json'], { HOME });
      expect(out + err).toContain('http://127.0.0.1:8081');
      expect(err).not.toMatch(/^\s+at /m);
    },
  );

  it('does not wait for a pipe in the place of the file', async () => {
    const HOME = temporaryFolder();
    const folder = join(HOME, '.config', 'headcount');
    mkdirSync(folder, { recursive: true });
    execFileSync('mkfifo', [join(folder, 'collector.json')]);
    const { out, err } = await stats(['--project', 'x', '--json'], { HOME });
    expect(out + err).toContain('http://127.0.0.1:8081');
  });

  it('says how to start a collector where none runs', async () => {
    const HOME = temporaryFolder();
    const collector = await serve({ HOME });
    const url = await collector.url();
    collector.child.kill('SIGKILL');
    await collector.ended;
    const { code, out, err } = await stats([], { HOME });
    expect([code, out]).toEqual([1, '']);
    for (const word of [url, 'npx headcount-collector serve', '--url']) expect(err).toContain(word);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it.each<[string, RequestListener]>([
    ['a web page', (_request, response) => response.end('<html></html>')],
    ['JSON of something else', (_request, response) => response.end('{"rows":7}')],
    ['nothing found', (_request, response) => response.writeHead(404).end('{"code":"x"}')],
    [
      'a redirection',
      (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    ],
  ])('says that something else answers: %s', async (_name, listener) => {
    const url = await serveOther(listener);
    const { code, out, err } = await stats([`--url=${url}`], {});
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(`${url} is no Headcount collector`);
    expect(err).toContain('--url');
  });

  it('gives its administrator’s token to no server that does not ask for it', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serveOther((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{}');
    });
    expect((await stats([`--url=${url}`], { HEADCOUNT_ADMIN_TOKEN: 'x'.repeat(20) })).code).toBe(1);
    expect(seen).toEqual([undefined]);
  });

  it.each([
    [
      ['--url', 'ftp://example.org'],
      ['--url', 'http', 'ftp://example.org'],
    ],
    [
      ['--prot', 'x'],
      ['--prot', '--help'],
    ],
  ])('names an argument that it cannot use: %s', async (args, words) => {
    const { code, err } = await stats(args, {});
    expect(code).toBe(1);
    for (const word of words) expect(err).toContain(word);
  });
});
