import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type RunningCollector, startCollector } from '../support/collector.js';
import { eventually } from '../support/eventually.js';
import { exitChildren } from '../support/exit-children.js';
import { startFaultServer } from '../support/fault-server.js';
import { outboxFiles } from '../support/outbox-files.js';
import { createTestApp, runNode, type TestApp } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const FILES = {
  'cli.cjs': `require('headcount').track(); console.log('done');`,
  'flush.mjs': `import { createHeadcount } from 'headcount';
    const headcount = createHeadcount(); headcount.track();
    console.log(JSON.stringify([await headcount.flush(), headcount.status().endpoint]));`,
};
const SILENT = { code: 0, stdout: 'done\n', stderr: '' };
const DEFAULT = 'http://127.0.0.1:8081/v1/reports';
/** As users have it: an exit process at most every ten minutes. */
const USUAL = { env: { HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: undefined } };

const fileOf = (home: string): string => join(home, '.config/headcount/collector.json');

/** A collector of the app's user, which has left its address. */
async function startCollectorOf(home: string): Promise<RunningCollector> {
  const collector = await startCollector({ home });
  await eventually(() => existsSync(fileOf(home)), 'the address of the collector');
  return collector;
}

const counted = (collector: RunningCollector, reports: number) =>
  eventually(async () => {
    const stats = await collector.stats('acme-cli');
    return stats.total_reports === reports && stats;
  }, `${reports} reports, counted`);

const command = (app: TestApp, words: string) =>
  runNode(BIN, app.home, { args: [...words.split(' '), '--project', 'acme-cli'] });

const appRecord = (home: string): unknown =>
  JSON.parse(readFileSync(join(home, '.local/share/headcount/acme-cli/app.json'), 'utf8'));

describe('an app that names no endpoint, and a collector on its machine', () => {
  it('count one person after one run', async () => {
    const app = createTestApp(FILES);
    const collector = await startCollectorOf(app.home);
    expect(await app.run('cli.cjs', USUAL)).toMatchObject(SILENT);
    expect(await counted(collector, 1)).toMatchObject({ total_users: 1 });
    expect(collector.output()).toMatch(/"project":"acme-cli".*"first report"/);
    expect(appRecord(app.home)).not.toHaveProperty('endpoint');
  });

  it('count what was recorded before the collector was started, and the person once', async () => {
    const app = createTestApp(FILES);
    await app.run('cli.cjs', USUAL);
    expect(outboxFiles(app.home)).toHaveLength(1);
    const collector = await startCollectorOf(app.home);
    await app.run('cli.cjs', USUAL);
    expect(await counted(collector, 2)).toMatchObject({ total_users: 1 });
    await eventually(() => outboxFiles(app.home).length === 0, 'an empty outbox');
  });

  it('do not wait for the failures that came before the collector', async () => {
    const app = createTestApp(FILES);
    const { stdout } = await app.run('flush.mjs', USUAL);
    expect(JSON.parse(stdout)).toMatchObject([{ sent: 0, queued: 1 }, DEFAULT]);
    const delivery = join(app.home, '.config/headcount/acme-cli/delivery');
    const { 'this machine': state } = JSON.parse(readFileSync(delivery, 'utf8')) as {
      'this machine': { failures: number };
    };
    expect(state.failures).toBe(1);
    const notBeforeMs = Date.now() + 3_600_000; // as after many of them
    writeFileSync(
      delivery,
      JSON.stringify({ 'this machine': { ...state, decidedAtMs: Date.now(), notBeforeMs } }),
    );
    const collector = await startCollectorOf(app.home);
    await app.run('cli.cjs', USUAL);
    expect(await counted(collector, 2)).toMatchObject({ total_users: 1 });
  });

  it('keep the reports of HEADCOUNT_ENDPOINT for the address that it named', async () => {
    const app = createTestApp(FILES);
    const trial = await startFaultServer();
    const address = trial.address;
    const killed = `require('headcount').track(); process.kill(process.pid, 'SIGKILL');`;
    writeFileSync(join(app.folder, 'killed.cjs'), killed);
    await app.run('killed.cjs', { env: { HEADCOUNT_ENDPOINT: address } });
    await trial.refuse();
    const collector = await startCollectorOf(app.home);
    await app.run('cli.cjs');
    expect(await counted(collector, 1)).toMatchObject({ total_users: 1 });
    await eventually(() => exitChildren(app.home).length === 0, 'no sender left', 20_000);
    expect(outboxFiles(app.home)).toHaveLength(1);
    expect((await collector.stats('acme-cli')).total_reports).toBe(1);
    await trial.heal();
    await eventually(
      async () => {
        await app.run('cli.cjs');
        return trial.accepted().length === 1;
      },
      'the report at the address that it was recorded for',
      15_000,
    );
  });

  it('are brought together by the commands too', async () => {
    const app = createTestApp(FILES);
    const collector = await startCollectorOf(app.home);
    await app.run('cli.cjs');
    await counted(collector, 1);
    await eventually(() => exitChildren(app.home).length === 0, 'no sender left', 20_000);
    const doctor = await command(app, 'doctor');
    expect(doctor).toMatchObject({ code: 0, stderr: '' });
    expect(doctor.stdout).toContain(
      `a collector on this machine left its address in ${fileOf(app.home)}`,
    );
    expect(doctor.stdout).toContain(`${collector.address}/v1/reports answers (200)`);
    const shown = await command(app, 'show --json');
    expect(JSON.parse(shown.stdout)).toMatchObject({ endpoint: `${collector.address}/v1/reports` });
    const exported = await command(app, 'export');
    expect(JSON.parse(exported.stdout)).toMatchObject({ ok: true });
    expect(await command(app, 'forget')).toMatchObject({ code: 0, stderr: '' });
    await eventually(
      async () => (await collector.stats('acme-cli')).total_users === 0,
      'nobody counted any more',
    );
    expect(await collector.stop()).toBe(0);
    const alone = await command(app, 'doctor');
    expect(alone.stdout).not.toContain('left its address');
    expect(alone.stdout).toContain(DEFAULT);
  });

  it('let the person be forgotten after the collector has moved to another port', async () => {
    const app = createTestApp(FILES);
    const data = join(tempFolder('data'), 'collector');
    const first = await startCollector({ home: app.home, data });
    await eventually(() => existsSync(fileOf(app.home)), 'the address of the collector');
    await app.run('cli.cjs');
    await counted(first, 1);
    await eventually(() => exitChildren(app.home).length === 0, 'no sender left', 20_000);
    await first.stop();
    const second = await startCollector({ home: app.home, data });
    await eventually(() => existsSync(fileOf(app.home)), 'the new address');
    expect(second.port).not.toBe(first.port);
    expect(await command(app, 'forget')).toMatchObject({ code: 0, stderr: '' });
    await eventually(
      async () => (await second.stats('acme-cli')).total_users === 0,
      'nobody counted any more',
    );
  });

  it('have nothing to do with each other while telemetry is off', async () => {
    const app = createTestApp(FILES);
    const collector = await startCollectorOf(app.home);
    await app.run('cli.cjs', { env: { DO_NOT_TRACK: '1' } });
    const written = readdirSync(join(app.home, '.config/headcount')).sort();
    expect(written).toEqual(['collector-data.json', 'collector.json']); // both the collector's
    expect(existsSync(join(app.home, '.local'))).toBe(false);
    expect((await collector.stats()).total_reports).toBe(0);
  });
});

/** Writes the file as a collector would, for a server that counts what comes. */
async function startWithFile(
  change: (fields: { url: string; pid: number }) => Record<string, unknown> = (fields) => fields,
) {
  const server = await startFaultServer();
  const app = createTestApp(FILES);
  const file = fileOf(app.home);
  const fields = change({ url: server.address, pid: process.pid });
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const text = JSON.stringify({ ...fields, started_at: new Date().toISOString() });
  writeFileSync(file, `${text}\n`, { mode: 0o600 });
  return { server, app, file };
}

describe('the file with the address', () => {
  const sentTo = async (app: TestApp): Promise<unknown> =>
    (JSON.parse((await app.run('flush.mjs')).stdout) as unknown[])[1];

  it('is believed where the user alone can have written it', async () => {
    const { server, app } = await startWithFile();
    expect(await sentTo(app)).toBe(`${server.address}/v1/reports`);
    expect(server.accepted()).toHaveLength(1);
  });

  it.each<[string, (file: string) => void]>([
    ['writable by everybody', (file) => chmodSync(file, 0o666)],
    ['writable by the group', (file) => chmodSync(file, 0o620)],
    ['a pipe that nobody writes to', makePipe],
    ['a folder', (file) => (rmSync(file), mkdirSync(file))],
    ['larger than an address', (file) => writeFileSync(file, ' '.repeat(5_000), { flag: 'a' })],
    [
      'a link',
      (file) => {
        const target = join(tempFolder('elsewhere'), 'collector.json');
        writeFileSync(target, readFileSync(file), { mode: 0o600 });
        rmSync(file);
        symlinkSync(target, file);
      },
    ],
  ])('is ignored where it is %s', async (_, spoil) => {
    const { server, app, file } = await startWithFile();
    spoil(file);
    expect(await sentTo(app)).toBe(DEFAULT);
    expect(server.connections()).toBe(0);
  });

  it.runIf(process.getuid?.() === 0)('is ignored where another user owns it', async () => {
    const { server, app, file } = await startWithFile();
    chownSync(file, 65_534, 65_534);
    expect(await sentTo(app)).toBe(DEFAULT);
    expect(server.connections()).toBe(0);
  });

  it('is ignored where its collector has ended', async () => {
    const pid = await pidOfTheDead();
    const { server, app } = await startWithFile((fields) => ({ ...fields, pid }));
    expect(await sentTo(app)).toBe(DEFAULT);
    expect(server.connections()).toBe(0);
  });

  it('is ignored where it names another machine', async () => {
    const { app } = await startWithFile((fields) => ({ ...fields, url: 'http://192.0.2.7:8081' }));
    expect(await sentTo(app)).toBe(DEFAULT);
  });
});

/** A collector that is killed cannot remove its file. */
async function pidOfTheDead(): Promise<number> {
  const home = tempFolder('home');
  const collector = await startCollectorOf(home);
  collector.kill();
  await collector.ended;
  const { pid } = JSON.parse(readFileSync(fileOf(home), 'utf8')) as { pid: number };
  return pid;
}

function makePipe(file: string): void {
  rmSync(file);
  execFileSync('mkfifo', ['-m', '600', file]);
}
