import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { answering, silent, startFaultServer } from '../support/fault-server.js';
import { startRecorder } from '../support/http-recorder.js';
import { problem } from '../support/problem.js';
import { createTestApp, runNode, type TestApp } from '../support/run-app.js';

const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const FILES = {
  'cli.mjs': `import { createHeadcount } from 'headcount';
    createHeadcount(JSON.parse(process.env.OPTIONS ?? '{}')).track();`,
};

type Env = Record<string, string>;

/** Runs the app once, and waits until it is known. */
async function runOnce(app: TestApp, env: Env): Promise<void> {
  await app.run('cli.mjs', { env });
  const record = join(app.home, '.local/share/headcount/acme-cli/app.json');
  await eventually(() => existsSync(record), 'the record of the program');
}

async function doctor(app: TestApp, env: Env = {}) {
  const args = ['doctor', '--project', 'acme-cli'];
  const text = await runNode(BIN, app.home, { args, env, killAfterMs: 25_000 });
  const lines = text.stdout.trimEnd().split('\n');
  return { ...text, verdict: lines.at(-1) ?? '' };
}

describe('headcount doctor', () => {
  it('says when and how the next report is sent, which then is true', async () => {
    const recorder = await startRecorder();
    const app = createTestApp(FILES);
    const env = { HEADCOUNT_ENDPOINT: recorder.address };
    await runOnce(app, env);
    await eventually(() => recorder.reports().length === 1, 'the first report');
    const { code, verdict, stderr } = await doctor(app, env);
    expect(verdict).toBe(
      'The next report will be sent 1 s after it is made, by a thread of the program, or by a process of its own as soon as the program ends.',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await app.run('cli.mjs', { env });
    await eventually(() => recorder.reports().length === 2, 'the next report');
  });

  it('says so too as JSON, and sends no report itself', async () => {
    const recorder = await startRecorder();
    const app = createTestApp(FILES);
    const env = { HEADCOUNT_ENDPOINT: recorder.address };
    await runOnce(app, env);
    await eventually(() => recorder.reports().length === 1, 'the first report');
    const args = ['doctor', '--json', '--project', 'acme-cli'];
    const found = await runNode(BIN, app.home, { args, env });
    expect(JSON.parse(found.stdout)).toMatchObject({
      verdict: { willBeSent: true, text: expect.stringMatching(/^The next report/) as string },
      diagnosis: { plan: { threadAfterMs: 1_000, hasExitProcess: true } },
    });
    const off = await runNode(BIN, app.home, { args, env: { ...env, DO_NOT_TRACK: '1' } });
    expect(JSON.parse(off.stdout)).toMatchObject({
      verdict: { willBeSent: false, text: expect.stringContaining('DO_NOT_TRACK') as string },
    });
    expect(off.code).toBe(1);
    expect(recorder.reports()).toHaveLength(1);
  });

  it('tells that a run that ends at once starts no process for a while', async () => {
    const recorder = await startRecorder();
    const app = createTestApp(FILES);
    const env = { HEADCOUNT_ENDPOINT: recorder.address };
    await runOnce(app, env);
    const spaced = { ...env, HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '3600000' };
    const { code, verdict } = await doctor(app, spaced);
    const [, time = ''] = /by the process of a run that ends after (\S+)\.$/.exec(verdict) ?? [];
    expect(Date.parse(time) - Date.now()).toBeGreaterThan(0);
    expect(Date.parse(time) - Date.now()).toBeLessThanOrEqual(3_600_000);
    expect(code).toBe(0);
    // The same from the options of the program, which only its record tells.
    const OPTIONS = JSON.stringify({ flushIntervalMs: 5_000 });
    await app.run('cli.mjs', { env: { ...env, OPTIONS } });
    const own = join(app.home, '.local/share/headcount/acme-cli/app.json');
    await eventually(() => readFileSync(own, 'utf8').includes('5000'), 'the record');
    expect((await doctor(app, env)).verdict).toContain('will be sent 5 s after it is made');
  });

  it.each<[string, Env, RegExp, RegExp]>([
    ['a variable', { DO_NOT_TRACK: '1' }, /DO_NOT_TRACK is set to "1"/, /unset DO_NOT_TRACK/],
    ['a test runner', { NODE_ENV: 'test' }, /a test runner/, /Outside of tests/],
    [
      'no URL',
      { HEADCOUNT_ENDPOINT: 'stats' },
      /not an absolute URL/,
      /Correct HEADCOUNT_ENDPOINT/,
    ],
    [
      'plain http',
      { HEADCOUNT_ENDPOINT: 'http://stats.acme.dev' },
      /plain http/,
      /Correct HEADCOUNT_ENDPOINT/,
    ],
    [
      'nothing that listens',
      { HEADCOUNT_ENDPOINT: 'http://127.0.0.1:9' },
      /127\.0\.0\.1:9\S* cannot be reached \(ECONNREFUSED\)/,
      /Nothing listens/,
    ],
    [
      'a kind of proxy that is not supported',
      { HEADCOUNT_ENDPOINT: 'https://stats.acme.test', ALL_PROXY: 'socks4://127.0.0.1:1' },
      /ALL_PROXY does not name a proxy that can be used/,
      /socks4:\/\/127\.0\.0\.1:1/,
    ],
    [
      'a proxy that is not there',
      { HEADCOUNT_ENDPOINT: 'https://stats.acme.test', HTTPS_PROXY: 'socks5://127.0.0.1:1' },
      /stats\.acme\.test\S* cannot be reached/,
      /Check whether the proxy socks5:\/\/127\.0\.0\.1:1/,
    ],
  ])('says that nothing will be sent because of %s', async (_, env, why, advice) => {
    const recorder = await startRecorder();
    const app = createTestApp(FILES);
    await runOnce(app, { HEADCOUNT_ENDPOINT: recorder.address });
    const { code, stdout, verdict } = await doctor(app, env);
    expect(verdict).toMatch(/^Nothing will be sent: .+\.$/);
    expect(verdict).toMatch(why);
    expect(stdout).toMatch(advice);
    expect(code).toBe(1);
  });

  it('says that a collector that never answers is not reached', async () => {
    const server = await startFaultServer(silent);
    const app = createTestApp(FILES);
    await runOnce(app, { HEADCOUNT_ENDPOINT: server.address });
    const { code, verdict } = await doctor(app, { HEADCOUNT_ENDPOINT: server.address });
    expect(verdict).toMatch(/^Nothing will be sent: \S+ cannot be reached/);
    expect(code).toBe(1);
  }, 40_000);

  it('says that the collector has retired the version', async () => {
    const server = await startFaultServer(answering(() => problem(410, 'project_closed')));
    const app = createTestApp(FILES);
    const env = { HEADCOUNT_ENDPOINT: server.address };
    await runOnce(app, env);
    const state = join(app.home, '.config/headcount/acme-cli/delivery');
    const isTold = () => existsSync(state) && readFileSync(state, 'utf8').includes('2.3.1');
    await eventually(isTold, 'the answer of the collector');
    const { code, stdout, verdict } = await doctor(app, env);
    expect(verdict).toMatch(/^Nothing will be sent: the collector no longer accepts/);
    expect(stdout).toContain('Update the program.');
    expect(code).toBe(1);
  });

  it('says until when the next attempt waits', async () => {
    const later = { status: 503, headers: { 'retry-after': '600' } };
    const server = await startFaultServer(
      answering(({ method }) => (method === 'POST' ? later : {})),
    );
    const app = createTestApp(FILES);
    const env = { HEADCOUNT_ENDPOINT: server.address };
    await runOnce(app, env);
    const state = join(app.home, '.config/headcount/acme-cli/delivery');
    const isTold = () => existsSync(state) && /"failures":[1-9]/.test(readFileSync(state, 'utf8'));
    await eventually(isTold, 'a failed attempt');
    const { code, stdout, verdict } = await doctor(app, env);
    expect(stdout).toMatch(/The next attempt is not before \d{4}-/);
    expect(verdict).toMatch(
      /^The next report will be sent after \d{4}-\S+, because earlier attempts/,
    );
    expect(code).toBe(3);
  });

  it('speaks of the notice that was not shown, and of local mode', async () => {
    const recorder = await startRecorder();
    const env = { HEADCOUNT_ENDPOINT: recorder.address };
    const untold = createTestApp(FILES);
    await runOnce(untold, { ...env, OPTIONS: '{"notice":"before-send"}' });
    const first = await doctor(untold, env);
    expect(first.verdict).toBe(
      'Nothing will be sent: the program has not told you yet what it collects.',
    );
    expect(first.stdout).toContain('If you know and agree:');
    const local = createTestApp(FILES);
    await runOnce(local, { ...env, OPTIONS: '{"mode":"local"}' });
    const second = await doctor(local, env);
    expect(second.verdict).toContain('the program keeps its reports on this machine');
    expect([first.code, second.code]).toEqual([1, 1]);
  });

  it('says that no collector is named and none is there', async () => {
    const app = createTestApp(FILES);
    await runOnce(app, {});
    const { code, verdict } = await doctor(app);
    expect(verdict).toMatch(
      /^Nothing will be sent: no collector is named, and none answers at http:/,
    );
    expect(code).toBe(1);
  });

  it('does not say that a program that nobody knows is sent', async () => {
    const app = createTestApp({});
    const { code, verdict } = await doctor(app);
    expect(verdict).toMatch(/^Nothing will be sent: no program called "acme-cli"/);
    expect(code).toBe(1);
  });

  it('writes nothing and starts nothing while telemetry is off', async () => {
    const app = createTestApp({});
    await doctor(app, { DO_NOT_TRACK: '1', HEADCOUNT_ENDPOINT: 'http://127.0.0.1:9' });
    expect(existsSync(join(app.home, '.config'))).toBe(false);
    expect(existsSync(join(app.home, '.local'))).toBe(false);
  });
});

describe('the endpoint that the command looks at', () => {
  it('is that of the next run: the environment before what the last run has used', async () => {
    const [first, second] = [await startRecorder(), await startRecorder()];
    const app = createTestApp(FILES);
    await runOnce(app, { HEADCOUNT_ENDPOINT: first.address });
    const env = { HEADCOUNT_ENDPOINT: second.address };
    const now = await doctor(app, env);
    expect(now.stdout).toContain(`${second.address}/v1/reports (from HEADCOUNT_ENDPOINT)`);
    expect(second.requests.map(({ url }) => url)).toEqual(['/health']);
    const asBefore = await doctor(app);
    expect(asBefore.stdout).toContain(
      `${first.address}/v1/reports (from HEADCOUNT_ENDPOINT in the program’s last run)`,
    );
    for (const word of ['status', 'show']) {
      const args = [word, '--project', 'acme-cli'];
      const { stdout } = await runNode(BIN, app.home, { args, env });
      expect(stdout).toContain(second.address);
    }
    const other = { args: ['doctor', '--project', 'acme-cli', '--endpoint', first.address], env };
    const { stdout } = await runNode(BIN, app.home, other);
    expect(stdout).toContain(`${first.address}/v1/reports (from --endpoint)`);
  });

  it('is that of the package.json, unless the environment names one', async () => {
    const [named, other] = [await startRecorder(), await startRecorder()];
    const headcount = { endpoint: named.address };
    const manifest = { name: 'acme-cli', version: '2.3.1', headcount };
    const app = createTestApp({ ...FILES, 'package.json': manifest });
    await runOnce(app, {});
    expect((await doctor(app)).stdout).toContain(`${named.address}/v1/reports (from the program)`);
    const { stdout } = await doctor(app, { HEADCOUNT_ENDPOINT: other.address });
    expect(stdout).toContain(`${other.address}/v1/reports (from HEADCOUNT_ENDPOINT)`);
  });

  it('is that of the code, which HEADCOUNT_ENDPOINT does not change', async () => {
    const [inCode, other] = [await startRecorder(), await startRecorder()];
    const app = createTestApp(FILES);
    await runOnce(app, { OPTIONS: JSON.stringify({ endpoint: inCode.address }) });
    const { stdout } = await doctor(app, { HEADCOUNT_ENDPOINT: other.address });
    expect(stdout).toContain(
      `${inCode.address}/v1/reports (from the program’s code, so HEADCOUNT_ENDPOINT does not count)`,
    );
    expect(other.requests).toEqual([]);
  });
});
