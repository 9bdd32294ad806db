import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { hostname } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { post } from '../support/load.js';
import { firstGenerationReport } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

async function occupyPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A link, which need not lead anywhere. */
function linked(path: string, target: string): string {
  symlinkSync(target, path);
  return path;
}

/** A data folder with a folder in the place of one of its files. */
function withFolder(file: string, name: string): string {
  mkdirSync(join(`${file}.data`, name), { recursive: true });
  return `${file}.data`;
}

describe('headcount-collector', () => {
  it('serves by flags, says where on stderr, logs JSON to stdout, and ends on SIGINT', async () => {
    const data = join(temporaryFolder(), 'made', 'on the way');
    const collector = await startProcess(['serve', '--port', '0', '--data', data]);
    const url = await collector.url();
    expect(collector.stderr().trim()).toBe(
      `headcount-collector listens on ${url} and keeps its data in ${data}`,
    );
    expect(await post(`${url}/statistics`, firstGenerationReport())).toBe(200);
    const stats = await fetch(`${url}/stats`);
    expect(await stats.json()).toMatchObject({ total_users: 1 });
    collector.child.kill('SIGINT');
    expect(await collector.ended).toBe(0);
    for (const line of collector.stdout().trim().split('\n')) {
      expect(JSON.parse(line)).toHaveProperty('level');
    }
    expect(collector.stderr().trim().split('\n')).toHaveLength(1);
  });

  it('serves by the environment alone, in silence if told so', async () => {
    const data = temporaryFolder();
    const collector = await startProcess([], {
      HEADCOUNT_PORT: '0',
      HEADCOUNT_HOST: 'localhost',
      HEADCOUNT_DATA: data,
      HEADCOUNT_LOG_LEVEL: 'silent',
      CI: 'true',
      NODE_ENV: 'production',
      DO_NOT_TRACK: '1',
    });
    const url = await collector.url();
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect(existsSync(join(data, 'journal.db'))).toBe(true);
    collector.child.kill('SIGTERM');
    expect(await collector.ended).toBe(0);
    expect(collector.stdout()).toBe('');
  });

  it.each<[string, (port: number, file: string) => string[], string[]]>([
    [
      'a busy port',
      (port, file) => ['--port', String(port), '--data', `${file}.d`],
      ['Port', 'in use', '--port', 'HEADCOUNT_PORT'],
    ],
    [
      'a data folder that is a file',
      (_port, file) => ['--port', '0', '--data', file],
      ['data folder', '--data', 'HEADCOUNT_DATA'],
    ],
    [
      'a data folder that no file system makes',
      () => ['--port', '0', '--data', '/proc/headcount/data'],
      ['data folder /proc/headcount/data', 'ENOENT', '--data', 'HEADCOUNT_DATA'],
    ],
    ...(
      [
        ['a device', () => '/dev/null', 'EEXIST'],
        ['below a device', () => '/dev/null/data', 'EEXIST'],
        ['what a process sees of itself', () => '/proc/self', 'ENOENT'],
        ['a name that is too long', (file) => `${file}${'a'.repeat(300)}`, 'ENAMETOOLONG'],
        ['a link to itself', (file) => linked(`${file}.loop`, `${file}.loop`), 'ELOOP'],
        ['a link to nowhere', (file) => linked(`${file}.gone`, '/nonexistent/data'), 'EEXIST'],
        ['where the lock is a folder', (file) => withFolder(file, 'lock'), 'lock'],
        ['where the pepper is a folder', (file) => withFolder(file, 'pepper'), 'EISDIR'],
      ] satisfies [string, (file: string) => string, string][]
    ).map(([what, toData, word]): [string, (port: number, file: string) => string[], string[]] => [
      `a data folder that is ${what}`,
      (_port, file) => ['--port', '0', '--data', toData(file)],
      [word, '--data', 'HEADCOUNT_DATA'],
    ]),
    [
      'a folder in the place of the journal',
      (_port, file) => ['--port', '0', '--data', withFolder(file, 'journal.db')],
      ['journal.db: it is no file', 'restore'],
    ],
    [
      'a port that is none',
      () => ['--port', 'http'],
      ['--port', 'HEADCOUNT_PORT', '0 to 65535', '"http"'],
    ],
    ['an option that is none', () => ['--prot', '80'], ['--prot', '--help']],
    ['a command that is none', () => ['start'], ['"start"', 'serve', '--help']],
  ])('says what is wrong in one breath and ends with 1: %s', async (_name, toArgs, words) => {
    const port = await occupyPort();
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const collector = await startProcess(toArgs(port, file));
    expect(await collector.ended).toBe(1);
    for (const word of words) expect(collector.stderr()).toContain(word);
    expect(collector.stderr()).not.toMatch(/^\s+at /m);
    expect(collector.stdout()).toBe('');
  });

  it('keeps its data to its user, also in a folder that others could read', async () => {
    const data = join(temporaryFolder(), 'data');
    const first = await startProcess(['serve', '--port', '0', '--data', data]);
    await post(`${await first.url()}/statistics`, firstGenerationReport());
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    // As an older release has left it, with a file of somebody else's beside.
    mkdirSync(join(data, 'manifests'), { recursive: true });
    writeFileSync(join(data, 'other'), '');
    for (const name of readdirSync(data)) chmodSync(join(data, name), 0o644);
    chmodSync(join(data, 'manifests'), 0o755);
    chmodSync(data, 0o755);
    const again = await startProcess(['serve', '--port', '0', '--data', data]);
    await post(`${await again.url()}/statistics`, firstGenerationReport());
    const modeOf = (name: string): string => (statSync(join(data, name)).mode & 0o777).toString(8);
    const isOwn = (name: string): boolean => name !== 'other' && name !== 'manifests';
    const files = readdirSync(data).filter(isOwn);
    expect(files).toEqual(expect.arrayContaining(['counts.db', 'counts.db-wal', 'pepper']));
    for (const name of files) expect([name, modeOf(name)]).toEqual([name, '600']);
    expect(['.', 'manifests', 'other'].map(modeOf)).toEqual(['700', '700', '644']);
  });

  it('leaves a data folder to the collector that has it', async () => {
    const data = temporaryFolder();
    const first = await startProcess(['--port', '0', '--data', data]);
    await first.url();
    const second = await startProcess(['--port', '0', '--data', data]);
    expect(await second.ended).toBe(1);
    expect(second.stderr()).toContain(
      `Another collector uses ${data} (process ${first.child.pid} on ${hostname()}, since 20`,
    );
    expect((await fetch(`${await first.url()}/health`)).status).toBe(200);
  });

  it('answers a body that is too large over a real connection', async () => {
    const collector = await startProcess(['--port', '0', '--data', temporaryFolder()]);
    const body = { x: 'x'.repeat(2_000_000) };
    expect(await post(`${await collector.url()}/v1/reports`, body)).toBe(413);
  });

  it.each([
    ['serve', ['--port', 'HEADCOUNT_TRUSTED_PROXIES']],
    ['stats', ['--url', '--project', '--json']],
    ['token', ['--level', '--expires', 'revoke', 'rotate']],
    ['clean', ['undo', '--where', '--dry-run', '--new']],
    ['retention', ['--dry-run', '--keep-activity']],
    ['export', ['--what', '--format', '--out']],
    ['backup', ['<file>', '--data', '--without-pepper']],
    ['restore', ['--replace', '--pepper', '--without-erasures', '--without-backup']],
    ['migrate', ['--rehearse', '--data']],
  ])('shows the help of %s, in rows that a terminal has', async (command, words) => {
    const help = await startProcess([command, '--help']);
    expect([await help.ended, help.stderr()]).toEqual([0, '']);
    const lines = help.stdout().split('\n');
    expect(lines[0]).toMatch(`Usage: headcount-collector`);
    expect(lines[0]).toContain(command);
    for (const word of words) expect(help.stdout()).toContain(word);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('shows its help and its version', async () => {
    const help = await startProcess(['--help']);
    expect(await help.ended).toBe(0);
    for (const word of ['serve', '--port', 'HEADCOUNT_DATA', '8081']) {
      expect(help.stdout()).toContain(word);
    }
    for (const line of help.stdout().split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const version = await startProcess(['--version']);
    expect(await version.ended).toBe(0);
    expect(version.stdout()).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
