import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectAllArriveOnce, TRACK_ONCE } from '../support/arrival.js';
import { eventually } from '../support/eventually.js';
import { exitChildren } from '../support/exit-children.js';
import { startFaultServer } from '../support/fault-server.js';
import { startNamespace } from '../support/namespace.js';
import { queueFolder } from '../support/outbox-files.js';
import { createTestApp, type RunOptions } from '../support/run-app.js';
import { createAppPair, expectSameAsWithout } from '../support/same-as-without.js';
import { tempFolder } from '../support/temp-folder.js';

const FILES = {
  'cli.mjs': TRACK_ONCE,
  'later.mjs': TRACK_ONCE,
  'flush.mjs': `import { createHeadcount } from 'headcount';
    const headcount = createHeadcount(); headcount.track();
    console.log(JSON.stringify(await headcount.flush({ timeoutMs: 5_000 })));`,
  'killed.mjs': `import { createHeadcount } from 'headcount';
    const headcount = createHeadcount();
    for (let i = 0; i < 3; i += 1) headcount.track();
    // On a busy machine an append takes long, and the lines of one turn are written after it.
    setImmediate(() => process.kill(process.pid, 'SIGKILL'));`,
  'many.mjs': `import { createHeadcount } from 'headcount';
    const headcount = createHeadcount();
    for (let i = 0; i < 5_000; i += 1) headcount.track();
    await headcount.flush({ timeoutMs: 10_000 });
    const { sent, queued, dropped } = headcount.status();
    console.log(JSON.stringify({ sent, queued, dropped }));`,
};
const at = (address: string, env: Record<string, string | undefined> = {}): RunOptions => ({
  env: { HEADCOUNT_ENDPOINT: address, HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0', ...env },
});
const noChild = (home: string): Promise<boolean> =>
  eventually(() => exitChildren(home).length === 0, 'no child left', 20_000);

const TMPFS = `mount -t tmpfs -o size=1m,mode=700 tmpfs "$1"`;
const FILL = `dd if=/dev/zero of="$1/fill" bs=4k 2>/dev/null || true`;
const READ_ONLY = `mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"`;

describe('a program', () => {
  it('on a full disk ends as it would without Headcount, and its outbox comes back', async () => {
    const server = await startFaultServer();
    const pair = createAppPair(FILES);
    const { home } = pair.real;
    const { wrapper, path } = await startNamespace(`${TMPFS}; ${FILL}`, home);
    const options = { ...at(server.address), wrapper };
    await expectSameAsWithout(pair, 'cli.mjs', options);
    // A program that lives on can send out of its memory.
    const { stdout, stderr } = await pair.real.run('flush.mjs', options);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({ sent: 1, queued: 0, dropped: 0 });
    await noChild(home);
    const left = readdirSync(path(home), { recursive: true, encoding: 'utf8' });
    expect(left.filter((file) => file.endsWith('.tmp'))).toEqual([]);
    rmSync(path(join(home, 'fill')));
    const before = server.accepted().length;
    await pair.real.run('later.mjs', options);
    await eventually(() => server.accepted().length > before, 'a report once there is room');
    const ids = server.accepted().map((report) => report.report_id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('whose disk becomes full meanwhile loses no more than what had no room', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    const { wrapper } = await startNamespace(TMPFS.replace('1m', '128k'), app.home);
    const options = { ...at(server.address), wrapper, killAfterMs: 30_000 };
    const run = await app.run('many.mjs', options);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const told = JSON.parse(run.stdout) as {
      sent: number;
      queued: number;
      dropped: Record<string, number>;
    };
    const dropped = Object.values(told.dropped).reduce((sum, by) => sum + by, 0);
    expect(told.sent).toBeGreaterThan(0);
    expect(told.sent + told.queued + dropped, run.stdout).toBe(5_000);
    const ids = server.accepted().map((report) => report.report_id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('with a read-only home ends as it would without, and can send from memory', async () => {
    const server = await startFaultServer();
    const pair = createAppPair(FILES);
    const { wrapper } = await startNamespace(READ_ONLY, pair.real.home);
    const options = { ...at(server.address), wrapper };
    await expectSameAsWithout(pair, 'cli.mjs', options);
    const { stdout, stderr } = await pair.real.run('flush.mjs', options);
    expect({ sent: JSON.parse(stdout) as unknown, stderr }).toEqual({
      sent: { sent: 1, queued: 0, dropped: 0 },
      stderr: '',
    });
    expect(server.accepted().at(-1)?.info.id_persisted).toBe(false);
    expect(readdirSync(pair.real.home)).toEqual([]);
  });

  it('whose home became read-only with reports in it leaves them for later', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    await app.run('killed.mjs', at(server.address));
    const { wrapper } = await startNamespace(READ_ONLY, app.home);
    const run = await app.run('cli.mjs', { ...at(server.address), wrapper });
    expect(run).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
    await noChild(app.home);
    const before = new Set(server.accepted().map((report) => report.report_id)).size;
    await app.run('later.mjs', at(server.address));
    await eventually(() => server.accepted().length >= before + 4, 'what was kept');
    const ids = server.accepted().map((report) => report.report_id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each([
    ['empty', ''],
    ['relative', 'some/where'],
  ])('with a HOME that is %s writes nothing anywhere, and can send', async (_name, HOME) => {
    const server = await startFaultServer();
    const pair = createAppPair(FILES);
    const cwd = tempFolder('cwd');
    await expectSameAsWithout(pair, 'cli.mjs', { ...at(server.address, { HOME }), cwd }, 2);
    const run = await pair.real.run('flush.mjs', { ...at(server.address, { HOME }), cwd });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toEqual({ sent: 1, queued: 0, dropped: 0 });
    expect(readdirSync(cwd)).toEqual([]);
    expect(readdirSync(pair.real.folder).toSorted()).toEqual(
      [...Object.keys(FILES), 'node_modules', 'package.json'].toSorted(),
    );
  });

  it('of a user without a home ends as it would without Headcount, and can send', async () => {
    const server = await startFaultServer();
    const pair = createAppPair(FILES);
    for (const { folder } of [pair.real, pair.without]) chmodSync(dirname(folder), 0o755);
    chmodSync(dirname(pair.without.folder), 0o755);
    // Nobody in /etc/passwd has this number, and HOME is not set: os.homedir() throws.
    const wrapper = ['setpriv', '--reuid', '54321', '--regid', '54321', '--clear-groups', '--'];
    const options = { ...at(server.address, { HOME: undefined }), wrapper };
    const run = await pair.real.run('cli.mjs', options);
    expect(run).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
    const { stdout, stderr } = await pair.real.run('flush.mjs', options);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({ sent: 1, queued: 0, dropped: 0 });
  });

  it('whose outbox is deleted while it runs goes on', async () => {
    const server = await startFaultServer();
    const app = createTestApp({
      ...FILES,
      'cli.mjs': `import { rmSync } from 'node:fs'; import { createHeadcount } from 'headcount';
        const headcount = createHeadcount({ flushIntervalMs: 60_000 });
        headcount.track();
        rmSync(process.env.HOME + '/.local', { recursive: true, force: true });
        headcount.track();
        rmSync(process.env.HOME + '/.config', { recursive: true, force: true });
        await headcount.flush();
        rmSync(process.env.HOME + '/.local', { recursive: true, force: true });
        headcount.track();
        console.log('done');`,
    });
    const run = await app.run('cli.mjs', at(server.address));
    expect(run).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
    await eventually(() => server.accepted().length >= 2, 'what was tracked after the deletion');
  });

  it.each([
    ['back', '+1d', '+0d'],
    ['forth', '-1d', '+0d'],
  ])('delivers everything once when the clock is set %s a day', async (_name, first, second) => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    const options = at(server.address);
    await app.run('flush.mjs', { ...options, wrapper: ['faketime', '-f', first] });
    await app.run('killed.mjs', { ...options, wrapper: ['faketime', '-f', first] });
    await expectAllArriveOnce({
      app,
      accepted: server.accepted,
      tracked: 4,
      options: { ...options, wrapper: ['faketime', '-f', second] },
    });
  });

  it('goes on delivering when the clock is set back a day while it runs', async () => {
    const server = await startFaultServer();
    const app = createTestApp({
      'server.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount({ flushIntervalMs: 50 });
        let tracked = 0;
        const timer = setInterval(() => { headcount.track(); tracked += 1; }, 50);
        process.once('SIGTERM', async () => {
          clearInterval(timer);
          const result = await headcount.close({ timeoutMs: 5_000 });
          console.log(JSON.stringify({ tracked, queued: result.queued }));
        });`,
    });
    const clock = join(tempFolder('clock'), 'clock');
    writeFileSync(clock, '+0d\n');
    const library = execFileSync('sh', ['-c', 'ls /usr/lib/*/faketime/libfaketimeMT.so.1'], {
      encoding: 'utf8',
    }).trim();
    const env = {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: clock,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
    let stop = (): unknown => undefined;
    const running = app.run('server.mjs', {
      ...at(server.address, env),
      killAfterMs: 60_000,
      started: (child) => (stop = () => child.kill('SIGTERM')),
    });
    await eventually(() => server.accepted().length >= 3, 'reports of today');
    writeFileSync(clock, '-1d\n');
    const atJump = server.accepted().length;
    await eventually(() => server.accepted().length >= atJump + 10, 'reports of yesterday', 20_000);
    stop();
    const { code, stdout, stderr } = await running;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { tracked, queued } = JSON.parse(stdout) as { tracked: number; queued: number };
    expect(queued).toBe(0);
    expect(server.accepted()).toHaveLength(tracked);
  });
});

describe('an outbox with what does not belong there', () => {
  const strangers: [string, (folder: string) => void][] = [
    ['a file of another name', (folder) => writeFileSync(join(folder, 'README.txt'), 'hello')],
    [
      'binary rubbish',
      (folder) => writeFileSync(join(folder, '1-999999.aa-aa.ready'), rubbish(1e4)),
    ],
    [
      '5 MB of rubbish',
      (folder) => writeFileSync(join(folder, '1-999999.aa-ab.ready'), rubbish(5e6)),
    ],
    [
      'one line of 5 MB',
      (folder) => writeFileSync(join(folder, '1-999999.aa-ac.ready'), `"${'x'.repeat(5e6)}"\n`),
    ],
    ['an empty file', (folder) => writeFileSync(join(folder, '1-999999.aa-ad.ready'), '')],
    [
      'JSON of another kind',
      (folder) =>
        writeFileSync(
          join(folder, '1-999999.aa-ae.ready'),
          '[]\nnull\n{"identity":{"anonymous_id":7}}\n{"report_id":"x"}\n',
        ),
    ],
    ['a folder named as a segment', (folder) => mkdirSync(join(folder, '1-999999.aa-af.ready'))],
    [
      'a full folder named as a segment',
      (folder) => {
        mkdirSync(join(folder, '1-999999.aa-b0.ready'));
        writeFileSync(join(folder, '1-999999.aa-b0.ready', 'x'), 'x');
      },
    ],
    [
      'a link that leads nowhere',
      (folder) => symlinkSync('/nowhere', join(folder, '1-999999.aa-b1.ready')),
    ],
    [
      'a link to itself',
      (folder) => symlinkSync('1-999999.aa-b2.ready', join(folder, '1-999999.aa-b2.ready')),
    ],
    [
      'a link to a device without end',
      (folder) => symlinkSync('/dev/zero', join(folder, '1-999999.aa-b3.ready')),
    ],
    [
      'a pipe that nobody writes to',
      (folder) => void execFileSync('mkfifo', [join(folder, '1-999999.aa-b4.ready')]),
    ],
    [
      'a claimed segment of a dead process',
      (folder) => writeFileSync(join(folder, '1-999999.aa-b5.claimed-999998.aa'), 'rubbish\n'),
    ],
    [
      'an unfinished draft of a rewrite',
      (folder) =>
        writeFileSync(join(folder, '1-999999.aa-b6.claimed-999998.aa.cc.tmp'), 'rubbish\n'),
    ],
  ];

  it.each(strangers)('%s does not stop the others', async (_name, plant) => {
    const server = await startFaultServer();
    const pair = createAppPair(FILES);
    await pair.real.run('killed.mjs', at(server.address));
    plant(queueFolder(pair.real.home, server.address));
    await expectSameAsWithout(pair, 'cli.mjs', at(server.address), 1);
    const ids = (): string[] => server.accepted().map((report) => String(report.report_id));
    await eventually(
      async () => {
        if (ids().length < 4) await pair.real.run('cli.mjs', at(server.address));
        return ids().length >= 4;
      },
      'the reports beside it',
      20_000,
    );
    await noChild(pair.real.home); // it would hold the lease
    const { stdout, stderr, code } = await pair.real.run('flush.mjs', at(server.address));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ queued: 0 });
    expect(new Set(ids()).size).toBe(ids().length);
  });

  it('a last line that was half written is passed over and counted', async () => {
    const server = await startFaultServer();
    const app = createTestApp({
      ...FILES,
      'status.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount(); headcount.track(); await headcount.flush();
        console.log(JSON.stringify(headcount.status().dropped));`,
    });
    await app.run('killed.mjs', at(server.address));
    const folder = queueFolder(app.home, server.address);
    const [name = ''] = readdirSync(folder).filter((file) => file.endsWith('.open'));
    const text = readFileSync(join(folder, name), 'utf8');
    writeFileSync(join(folder, name), text.slice(0, -40));
    const { stdout } = await app.run('status.mjs', at(server.address));
    expect(JSON.parse(stdout)).toEqual({ unreadable: 1 });
    expect(server.accepted()).toHaveLength(3);
  });
});

const rubbish = (size: number): Buffer =>
  Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index * 7919 + (index >> 3)) % 256));
