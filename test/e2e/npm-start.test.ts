import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.js';

const SCRIPT = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url));

/** Runs what `npm start` runs after the build, under a caller whose environment says no to all. */
function start(...args: string[]) {
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    env: { ...process.env, CI: 'true', NODE_ENV: 'production', DO_NOT_TRACK: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  // Not SIGKILL: it has a collector of its own to end.
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  return { child, said, ended };
}

/** With headers that `fetch()` sets itself. */
async function getText(url: string, headers: Record<string, string>): Promise<string> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers }, resolve).once('error', reject);
  });
  return text(response);
}

describe('npm start', () => {
  it('shows two people and four reports, and ends with 0, with --once', async () => {
    const { said, ended } = start('--once', '--port', '0');
    expect([await ended, said.stderr]).toEqual([0, '']);
    expect(said.stdout).toMatch(/people +2\n/);
    expect(said.stdout).toMatch(/reports +4\n/);
    expect(said.stdout).toMatch(/systems +\{"Linux":2\}\n/);
    expect(said.stdout).toMatch(/versions +\{"1.0.0":2\}\n/);
    const users = said.stdout.match(/Linux {2}hello-cli 1\.0\.0 {2}\d reports/g)?.sort();
    expect(users).toEqual(['1', '3'].map((n) => `Linux  hello-cli 1.0.0  ${n} reports`));
  });

  it('fills invented people, marks them, and counts as many as asked for, with --demo-data', async () => {
    const { said, ended } = start('--once', '--port', '0', '--demo-data', '--people', '200');
    expect([await ended, said.stderr]).toEqual([0, '']);
    expect(said.stdout).toMatch(/25%, \d+ reports[^]*100%, \d+ reports/);
    expect(said.stdout).toMatch(/acme-cli, all of it invented: 200 people in \d+ reports\n/);
    expect(said.stdout).toMatch(/people +2\n/);
  });

  it('says why the collector did not start, and keeps the people that it has invented', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    const { said, ended } = start(
      '--once',
      '--port',
      String(port),
      '--demo-data',
      '--people',
      '20',
    );
    expect(await ended).toBe(1);
    expect(said.stderr).toContain(`Port ${port} on 127.0.0.1 is in use`);
    const [, data = ''] = /npm start -- --data '([^']+)' shows them/.exec(said.stderr) ?? [];
    expect(data).not.toBe('');
    onTestFinished(() => rmSync(data, { recursive: true, force: true }));
    const again = start('--port', '0', '--data', data);
    await eventually(() => again.said.stdout.includes('Ctrl-C ends it'), 'the dashboard');
    const [, address = ''] = /curl (http:\/\/[\d.:]+)\/stats\n/.exec(again.said.stdout) ?? [];
    const stats = await fetch(`${address}/stats?project=acme-cli`);
    expect(await stats.json()).toMatchObject({ total_users: 20 });
  });

  it('fills no folder that has data, and takes no number that is none', async () => {
    const data = mkdtempSync(path.join(tmpdir(), 'headcount-start-test-'));
    onTestFinished(() => rmSync(data, { recursive: true, force: true }));
    mkdirSync(path.join(data, 'collector'));
    const filled = start('--once', '--port', '0', '--demo-data', '--data', data);
    expect(await filled.ended).toBe(1);
    expect(filled.said.stderr).toContain('has data already');
    const none = start('--once', '--demo-data', '--people', 'many');
    expect(await none.ended).toBe(2);
    expect(none.said.stderr).toContain('--people');
  });

  it('stays up until Ctrl-C, and then ends with 0', async () => {
    const { child, said, ended } = start('--port', '0');
    await eventually(() => said.stdout.includes('Ctrl-C ends it'), 'what to try next');
    const [, address = ''] = /curl (http:\/\/[\d.:]+)\/stats\n/.exec(said.stdout) ?? [];
    const stats = (await (await fetch(`${address}/stats`)).json()) as { total_users: number };
    expect(stats.total_users).toBe(2);
    const [, link = ''] = /signed in, once: (http:\/\/\S+)\n/.exec(said.stdout) ?? [];
    const signedIn = await fetch(link, { redirect: 'manual' });
    expect([signedIn.status, signedIn.headers.get('location')]).toEqual([
      303,
      `${address}/p/hello-cli`,
    ]);
    // As a browser follows it from another port of the host.
    const [cookie = ''] = signedIn.headers.getSetCookie();
    const headers = {
      cookie: cookie.split(';')[0] ?? '',
      'sec-fetch-site': 'same-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect(JSON.parse(await getText(`${address}/v1/session`, headers))).toMatchObject({
      level: 'administrator',
      name: 'npm start',
    });
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict/);
    child.kill('SIGINT');
    expect([await ended, said.stderr]).toEqual([0, '']);
    await expect(fetch(address)).rejects.toThrow();
  });

  it('names the busy port and the option to change it', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const port = String((server.address() as AddressInfo).port);
    const { said, ended } = start('--once', '--port', port);
    expect(await ended).toBe(1);
    expect(said.stderr).toContain(`Port ${port}`);
    expect(said.stderr).toContain('npm start -- --port');
    expect(said.stderr).not.toMatch(/^\s+at /m);
  });
});
