import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { type HttpRecorder, reportsIn, startRecorder } from '../support/http-recorder.js';
import { filesBelow, outboxFiles } from '../support/outbox-files.js';
import { createTestApp, type Finished, runNode, type TestApp } from '../support/run-app.js';

const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const APP = `import { track } from 'headcount'; track();`;

/** `npx headcount …` as the user of a home, in an environment of its own. */
function headcount(home: string, args: string, env: Record<string, string> = {}) {
  return runNode(BIN, home, { args: args.split(' ').filter(Boolean), env });
}

const filesIn = ({ home }: TestApp, folder: string): string[] => {
  return filesBelow(join(home, '.local/share/headcount/acme-cli', folder));
};
/** Runs the app once and waits until its report has arrived. */
async function reportOnce(app: TestApp, recorder: HttpRecorder): Promise<void> {
  const before = recorder.reports().length;
  await app.run('cli.mjs', { env: { HEADCOUNT_ENDPOINT: recorder.address } });
  await eventually(() => recorder.reports().length > before, 'the report');
  await eventually(() => filesIn(app, 'outbox').length === 0, 'an empty outbox');
}

const json = ({ stdout }: Finished): Record<string, unknown> =>
  JSON.parse(stdout) as Record<string, unknown>;

describe('headcount on --basic', () => {
  const APP_WITH_EVENTS = `
    import { createHeadcount } from 'headcount';
    const headcount = createHeadcount({
      events: { build: { description: 'A build was finished.', fields: { bundler: ['vite'] } } },
    });
    headcount.track();
    headcount.track('build', { bundler: 'vite' });`;

  it('lets only that the program is used be reported, and says so', async () => {
    const recorder = await startRecorder();
    const app = createTestApp({ 'cli.mjs': APP_WITH_EVENTS });
    const env = { HEADCOUNT_ENDPOINT: recorder.address };
    await app.run('cli.mjs', { env: { HEADCOUNT_ENDPOINT: 'http://127.0.0.1:9' } });
    const on = await headcount(app.home, 'on --basic --project acme-cli');
    expect(on.code).toBe(0);
    expect(on.stdout).toContain('Telemetry of acme-cli is now on.');
    expect(on.stdout).toContain('Only the events startup and alive are reported, without fields');
    await app.run('cli.mjs', { env });
    await eventually(() => recorder.reports().length > 0, 'a report');
    expect(recorder.reports().map(({ event, info }) => [event, info.level])).toEqual([
      ['startup', 'basic'],
    ]);
    const status = await headcount(app.home, 'status --project acme-cli');
    expect(status.stdout).toContain('level basic');
    const told = await headcount(app.home, 'status --project acme-cli --json');
    expect(json(told)).toMatchObject({ mode: 'on', level: 'basic' });
    expect((await headcount(app.home, 'show --project acme-cli')).stdout).toContain('level basic');

    await headcount(app.home, 'on --project acme-cli');
    const full = await headcount(app.home, 'status --project acme-cli --json');
    expect(json(full)).toMatchObject({ mode: 'on', level: 'full' });
  });

  it('holds for all programs, and is an option of on alone', async () => {
    const app = createTestApp({ 'cli.mjs': APP });
    expect((await headcount(app.home, 'on --basic')).stdout).toContain('level basic');
    expect((await headcount(app.home, 'status')).stdout).toContain(
      'programs that use Headcount: basic.',
    );
    for (const word of ['off', 'status', 'show']) {
      const run = await headcount(app.home, `${word} --basic --project acme-cli`);
      expect([run.code, run.stderr]).toEqual([
        2,
        expect.stringContaining('"--basic" is an option of "on"'),
      ]);
    }
  });
});

describe('headcount off', () => {
  it('turns one program off: nothing is written, nothing is sent, and status tells why', async () => {
    const recorder = await startRecorder();
    const app = createTestApp({ 'cli.mjs': APP });
    const off = await headcount(app.home, 'off --project acme-cli');
    expect(off.code).toBe(0);
    expect(off.stderr).toBe(
      'No program called "acme-cli" has reported from here so far (known: none).\n',
    );
    await app.run('cli.mjs', { env: { HEADCOUNT_ENDPOINT: recorder.address } });
    expect(filesIn(app, 'outbox')).toEqual([]);
    const status = await headcount(app.home, 'status --project acme-cli --json');
    expect(json(status)).toMatchObject({
      mode: 'off',
      consent: { rule: 'choice', source: join(app.home, '.config/headcount/acme-cli/choice') },
    });
    expect(recorder.requests).toEqual([]);
  });

  it('deletes what waits, and on starts afresh', async () => {
    const app = createTestApp({ 'cli.mjs': APP });
    const env = { HEADCOUNT_ENDPOINT: 'http://127.0.0.1:9' };
    await app.run('cli.mjs', { env });
    await eventually(() => filesIn(app, 'outbox').some((file) => file.endsWith('.ready')), 'one');
    await headcount(app.home, 'off --project acme-cli');
    // A sender that is between two attempts deletes what it holds by itself.
    const waiting = () => filesIn(app, 'outbox').filter((file) => file !== 'losses');
    await eventually(() => waiting().length === 0, 'an empty outbox');
    await headcount(app.home, 'on --project acme-cli');
    const recorder = await startRecorder();
    await app.run('cli.mjs', { env: { HEADCOUNT_ENDPOINT: recorder.address } });
    await eventually(() => recorder.reports().length > 0, 'the report of the second run');
    expect(recorder.reports()).toHaveLength(1);
  });

  it('deletes the copy of what was sent last', async () => {
    const recorder = await startRecorder();
    const app = createTestApp({ 'cli.mjs': APP });
    await reportOnce(app, recorder);
    const copy = join(app.home, '.local/share/headcount/acme-cli/last-request.json');
    await eventually(() => existsSync(copy), 'the copy');
    await headcount(app.home, 'off --project acme-cli');
    expect(existsSync(copy)).toBe(false);
  });

  it('stops a sender between two attempts, which deletes what it holds', async () => {
    const app = createTestApp({ 'cli.mjs': APP });
    const recorder = await startRecorder(async () => {
      await headcount(app.home, 'off --project acme-cli'); // nobody else has the segment now
      return { status: 503 };
    });
    await app.run('cli.mjs', { env: { HEADCOUNT_ENDPOINT: recorder.address } });
    await eventually(() => recorder.requests.length > 0, 'a first attempt');
    const waiting = () => filesIn(app, 'outbox').filter((file) => file !== 'losses');
    await eventually(() => waiting().length === 0, 'an empty outbox');
    expect(recorder.requests).toHaveLength(1);
  });

  it('without a project is for all, and a choice for one comes before it', async () => {
    const recorder = await startRecorder();
    const app = createTestApp({ 'cli.mjs': APP });
    await headcount(app.home, 'off');
    await app.run('cli.mjs', { env: { HEADCOUNT_ENDPOINT: recorder.address } });
    expect(filesIn(app, 'outbox')).toEqual([]);
    await headcount(app.home, 'on --project acme-cli');
    await reportOnce(app, recorder);
    const { stdout } = await headcount(app.home, 'status');
    expect(stdout).toContain('Your choice for all programs that use Headcount: off.');
    expect(stdout).toContain(`acme-cli 2.3.1 → ${recorder.address}/v1/reports`);
  });

  it('for all deletes what waits of each that has no choice of its own, and on starts afresh', async () => {
    const app = createTestApp({ 'cli.mjs': APP });
    const other = createTestApp(
      { 'cli.mjs': APP, 'package.json': { name: 'other-cli', version: '1.0.0' } },
      { home: app.home },
    );
    const waiting = (project: string) =>
      outboxFiles(app.home, project).filter((file) => file !== 'losses');
    await headcount(app.home, 'on --project other-cli');
    for (const program of [app, other]) {
      await program.run('cli.mjs', { env: { HEADCOUNT_ENDPOINT: 'http://127.0.0.1:9' } });
    }
    const isReady = (project: string) => waiting(project).some((file) => file.endsWith('.ready'));
    await eventually(() => isReady('acme-cli') && isReady('other-cli'), 'both to wait');
    await headcount(app.home, 'off');
    await eventually(() => waiting('acme-cli').length === 0, 'an empty outbox');
    expect(waiting('other-cli')).not.toEqual([]);
    await headcount(app.home, 'on');
    const recorder = await startRecorder();
    await app.run('cli.mjs', { env: { HEADCOUNT_ENDPOINT: recorder.address } });
    await eventually(() => recorder.reports().length > 0, 'the report of the second run');
    expect(recorder.reports()).toHaveLength(1);
  });

  it('stops what a program that is running has recorded meanwhile', async () => {
    const recorder = await startRecorder();
    const app = createTestApp({
      'server.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount({ flushIntervalMs: 50 });
        headcount.track();
        process.stdout.write('tracked\\n');
        const timer = setInterval(() => headcount.track(), 20);
        setTimeout(() => { clearInterval(timer); process.exit(); }, 2_500);`,
    });
    const running = app.run('server.mjs', { env: { HEADCOUNT_ENDPOINT: recorder.address } });
    await eventually(() => recorder.reports().length > 0, 'a first report');
    await headcount(app.home, 'off --project acme-cli');
    const arrived = recorder.requests.length;
    await running;
    // One request may have been on its way already.
    expect(recorder.requests.length - arrived).toBeLessThanOrEqual(1);
    await eventually(
      () => filesIn(app, 'outbox').filter((file) => file !== 'losses').length === 0,
      'an empty outbox',
    );
  });

  it('names the programs that are known where it is for none of them', async () => {
    const recorder = await startRecorder();
    const app = createTestApp({ 'cli.mjs': APP });
    await reportOnce(app, recorder);
    const off = await headcount(app.home, 'off --project acme_cli');
    expect(off.stderr).toContain('"acme_cli" has reported from here so far (known: acme-cli)');
    expect(await headcount(app.home, 'off --project acme-cli')).toMatchObject({ stderr: '' });
  });

  it('that cannot be saved fails, with the place, the cause and what to do', async () => {
    const app = createTestApp({ 'cli.mjs': APP });
    const folder = join(app.home, '.config/headcount/acme-cli');
    mkdirSync(join(folder, 'choice'), { recursive: true });
    const off = await headcount(app.home, 'off --project acme-cli');
    expect(off.code).toBe(1);
    expect(off.stderr).toContain(join(folder, 'choice'));
    expect(off.stderr).toMatch(/EISDIR|ENOTDIR|EINVAL/);
    expect(off.stderr).toContain('DO_NOT_TRACK=1');
    const status = await headcount(app.home, 'status --project acme-cli --json');
    expect(json(status)).toMatchObject({ mode: 'off', reason: 'unreadable-choice' });
  });
});

describe('headcount on', () => {
  const DECLARED = `import { createHeadcount } from 'headcount';
    const headcount = createHeadcount({
      notice: 'before-send',
      events: { build: { description: 'A build.', timed: true, fields: { bundler: ['vite'] } } },
    });
    console.log(headcount.notice() ?? 'nothing');
    headcount.track();`;

  it('belongs to the events that the program has declared, as its notice does', async () => {
    const recorder = await startRecorder();
    const env = { HEADCOUNT_ENDPOINT: recorder.address };
    const told = createTestApp({ 'cli.mjs': DECLARED });
    expect((await told.run('cli.mjs', { env })).stdout).toContain('startup, alive, build');
    const status = await headcount(told.home, 'status --project acme-cli');
    expect(status.stdout).toContain('Telemetry of acme-cli is on');
    expect(status.stdout).not.toContain('not told you yet');

    const silent = createTestApp({ 'cli.mjs': DECLARED.replace(/console.log.*/, '') });
    await silent.run('cli.mjs', { env });
    const untold = await headcount(silent.home, 'status --project acme-cli');
    expect(untold.stdout).toContain('The program has not told you yet what it collects.');
    expect(await headcount(silent.home, 'on --project acme-cli')).toMatchObject({ code: 0 });
    writeFileSync(join(silent.folder, 'cli.mjs'), DECLARED);
    const before = recorder.requests.length;
    expect(await silent.run('cli.mjs', { env })).toMatchObject({ stdout: 'nothing\n' });
    await eventually(() => recorder.requests.length > before, 'what needs no notice any more');
  });
});

describe('headcount show', () => {
  it('prints what would be sent next and what was sent last, byte for byte', async () => {
    const recorder = await startRecorder();
    const app = createTestApp({ 'cli.mjs': APP });
    await reportOnce(app, recorder);
    const [first] = recorder.requests;
    const env = {
      HEADCOUNT_ENDPOINT: recorder.address,
      HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '99999999',
    };
    await app.run('cli.mjs', { env }); // waits: the last process to send was started just before
    const shown = json(await headcount(app.home, 'show --project acme-cli --json'));
    expect(shown).toMatchObject({ ok: true, last: first?.body, mode: 'on' });
    const [next = ''] = shown['next'] as string[];
    await reportOnce(app, recorder);
    const reportsOf = (body: string): string => body.slice(body.indexOf('"reports"'));
    const shownReports = reportsOf(next).replace(/\]\}$/, '');
    expect(shownReports).toContain('"anonymous_id"');
    // The run that sends it adds one report of its own, behind it or in a request after it.
    const isSent = (): boolean =>
      recorder.requests.some(({ body }) => reportsOf(body).startsWith(shownReports));
    await eventually(isSent, 'what was shown');
  });

  it('shows what is kept in local mode, and what this process has only just recorded', async () => {
    const recorder = await startRecorder();
    const app = createTestApp({
      'local.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount({ mode: process.argv[2] });
        headcount.track();
        console.log(JSON.stringify(await headcount.show()));`,
    });
    const env = {
      HEADCOUNT_ENDPOINT: recorder.address,
      HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '99999999',
    };
    const events = (shown: Record<string, unknown>): string[] =>
      (shown['next'] as string[]).flatMap((body) => reportsIn({ body }).map(({ event }) => event));
    const local = await app.run('local.mjs', { args: ['local'], env });
    expect(events(json(local))).toEqual(['startup']);
    const later = json(await headcount(app.home, 'show --project acme-cli --json'));
    expect(later).toMatchObject({ mode: 'local', next: [expect.stringContaining('anonymous_id')] });
    expect(events(later)).toEqual(['startup']);
    expect(recorder.requests).toEqual([]);
    const on = await app.run('local.mjs', { args: ['on'], env });
    expect(events(json(on))).toEqual(['startup']);
    await eventually(() => recorder.requests.length > 0, 'that report');
    expect(recorder.reports()).toHaveLength(1); // what was kept by local mode is never sent
  });

  it('sends nothing by itself', async () => {
    const recorder = await startRecorder();
    const app = createTestApp({ 'cli.mjs': APP });
    const env = { HEADCOUNT_ENDPOINT: recorder.address };
    await headcount(app.home, 'show --project acme-cli', env);
    expect(recorder.requests).toEqual([]);
  });
});
