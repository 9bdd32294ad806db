import { createHmac } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/wire/report.js';
import { TRACK_ONCE } from '../support/arrival.js';
import { eventually } from '../support/eventually.js';
import { exitChildren } from '../support/exit-children.js';
import { type HttpRecorder, startRecorder } from '../support/http-recorder.js';
import { onMachine } from '../support/machine.js';
import { nameEndpoint } from '../support/name-endpoint.js';
import { createTestApp, runNode, type RunOptions, type TestApp } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

const A = '5f1a8a3c9d4e4b5f8a7b6c5d4e3f2a1b';
const B = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const ID = /^[0-9a-f]{16}$/;
/** Calls that a file or folder is made by. */
const FILE_CALL =
  /^(openat|mkdir|write|pwrite64|close|link|unlink|rename|read|pread64|fstat|statx)$/;
const source = (file: string): string =>
  fileURLToPath(new URL(`../../src/${file}`, import.meta.url));

const idOn = (raw: string, project = 'acme-cli', user = 0): string =>
  createHmac('sha256', `headcount:v1:${project}`)
    .update(`${raw}:${user}`)
    .digest('hex')
    .slice(0, 16);

/** Runs the app once; the report that arrives, of which the program itself shows nothing. */
async function reportOf(
  app: TestApp,
  recorder: HttpRecorder,
  options: RunOptions = {},
): Promise<Report> {
  const before = recorder.reports().length;
  nameEndpoint(app, recorder.address);
  const run = await app.run('cli.mjs', options);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  await eventually(() => recorder.reports().length > before, 'the report', 15_000);
  const report = recorder.reports().at(-1);
  if (!report) throw new Error('no report');
  return report;
}

const newApp = (home?: string): TestApp =>
  createTestApp({ 'cli.mjs': TRACK_ONCE }, home === undefined ? {} : { home });
const idFile = (home: string): string => join(home, '.config/headcount/acme-cli/anonymous-id');
/** No home was left behind outside its own folders. */
const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

describe('the ID of a machine', () => {
  it('is its keyed hash, and another one for each project and user', async () => {
    const recorder = await startRecorder();
    const wrapper = onMachine({ machineId: `${A}\n` });
    const report = await reportOf(newApp(), recorder, { wrapper });
    expect(report).toMatchObject({
      anonymous_id: idOn(A),
      info: { id_source: 'machine', id_persisted: true, container: false },
    });
    const other = createTestApp({
      'cli.mjs': TRACK_ONCE,
      'package.json': { name: 'other', version: '1.0.0' },
    });
    const second = await reportOf(other, recorder, { wrapper });
    expect(second.anonymous_id).toBe(idOn(A, 'other'));
    expect(second.anonymous_id).not.toBe(report.anonymous_id);
  });

  it('comes back to a user whose home was lost', async () => {
    const recorder = await startRecorder();
    const wrapper = onMachine({ machineId: A });
    const first = await reportOf(newApp(), recorder, { wrapper });
    const second = await reportOf(newApp(), recorder, { wrapper });
    expect(second.anonymous_id).toBe(first.anonymous_id);
  });

  it.each([
    ['empty', { machineId: '' }],
    ['uninitialized', { machineId: 'uninitialized\n' }],
    ['zeros', { machineId: `${'0'.repeat(32)}\n` }],
    ['a board default', { machineId: '03000200-0400-0500-0006-000700080009' }],
    ['in no file, and there is a host name only', { hostname: 'echo adas-laptop' }],
    ['in no file, and the command fails', { hostname: 'exit 1' }],
    ['in no file, and the command prints nothing', { hostname: 'true' }],
    ['that of a Docker image', { machineId: A, container: '/.dockerenv' }],
    ['that of a Podman image', { machineId: A, container: '/run/.containerenv' }],
    ['that of an image in Kubernetes', { machineId: A, container: 'kubernetes' }],
  ] as const)('is not used where it is %s', async (_case, look) => {
    const recorder = await startRecorder();
    const report = await reportOf(newApp(), recorder, { wrapper: onMachine(look) });
    expect(report).toMatchObject({
      anonymous_id: expect.stringMatching(ID) as string,
      info: { id_source: 'time', id_persisted: true },
    });
  });

  it('that a hanging command should tell is not waited for, and the command is gone', async () => {
    const recorder = await startRecorder();
    const wrapper = onMachine({ hostname: 'sleep 300' });
    const started = performance.now();
    const app = newApp();
    const report = await reportOf(app, recorder, { wrapper });
    expect(report.info.id_source).toBe('time');
    expect(performance.now() - started).toBeLessThan(8_000);
    await eventually(() => exitChildren(app.home).length === 0, 'no child left', 20_000);
    const left = (): string[] =>
      readdirSync('/proc').filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8') === 'sleep\u0000300\u0000';
        } catch {
          return false; // ended, or no process
        }
      });
    await eventually(() => left().length === 0, 'the hanging command to be gone');
  });

  it('is not waited for by a server that goes on working', async () => {
    const recorder = await startRecorder();
    const app = createTestApp({
      'server.mjs': `import { createHeadcount } from 'headcount';
        import { monitorEventLoopDelay } from 'node:perf_hooks';
        const headcount = createHeadcount();
        headcount.track();
        const delay = monitorEventLoopDelay({ resolution: 10 });
        delay.enable();
        const result = await headcount.flush({ timeoutMs: 10_000 });
        delay.disable();
        console.log(JSON.stringify({ sent: result.sent, maxMs: delay.max / 1e6 }));`,
    });
    const run = await app.run('server.mjs', {
      env: { HEADCOUNT_ENDPOINT: recorder.address },
      wrapper: onMachine({ hostname: 'sleep 300' }),
    });
    const { sent, maxMs } = JSON.parse(run.stdout) as { sent: number; maxMs: number };
    expect(sent).toBe(1);
    expect(maxMs).toBeLessThan(500);
  });
});

describe('a home that is copied to another machine', () => {
  it('gets an ID of its own there, and the old one stays with the old machine', async () => {
    const recorder = await startRecorder();
    const original = newApp();
    const onA = onMachine({ machineId: A });
    const onB = onMachine({ machineId: B });
    const first = await reportOf(original, recorder, { wrapper: onA });
    await eventually(() => exitChildren(original.home).length === 0, 'the sender to end');
    const home = tempFolder('copied-home');
    cpSync(original.home, home, { recursive: true });
    const copy = newApp(home);
    const copied = await reportOf(copy, recorder, { wrapper: onB });
    expect(first.anonymous_id).toBe(idOn(A));
    expect(copied).toMatchObject({
      anonymous_id: idOn(B),
      info: { id_source: 'copied', id_persisted: true },
    });
    for (const [wrapper, report] of [
      [onA, first],
      [onB, copied],
      [onA, first],
    ] as const) {
      expect((await reportOf(copy, recorder, { wrapper })).anonymous_id).toBe(report.anonymous_id);
    }
  });

  it('keeps its ID in a container on whatever machine', async () => {
    const recorder = await startRecorder();
    const app = newApp();
    const first = await reportOf(app, recorder, { wrapper: onMachine({ machineId: A }) });
    const inside = onMachine({ machineId: B, container: '/.dockerenv' });
    const second = await reportOf(app, recorder, { wrapper: inside });
    expect(second.anonymous_id).toBe(first.anonymous_id);
    expect(second.info).toMatchObject({ id_source: 'machine', container: true });
  });
});

describe.each([20, 200])('%i first runs at once, without a machine ID', (count) => {
  it('report one ID', async () => {
    const recorder = await startRecorder();
    const app = newApp();
    const wrapper = onMachine({ machineId: 'uninitialized' });
    const env = { HEADCOUNT_ENDPOINT: recorder.address };
    const run = () => app.run('cli.mjs', { env, wrapper, killAfterMs: 60_000 });
    const runs: Promise<unknown>[] = [];
    for (let started = 0; started < count; started += 20) {
      const batch = Array.from({ length: Math.min(20, count - started) }, run);
      runs.push(...batch);
      if (count > 20) await Promise.all(batch); // two cores: 200 runtimes at once only swap
    }
    await Promise.all(runs);
    await eventually(() => recorder.reports().length >= count, `${count} reports`, 60_000);
    const reports = recorder.reports();
    expect(new Set(reports.map(({ report_id }) => report_id)).size).toBe(count);
    expect(new Set(reports.map(({ anonymous_id }) => anonymous_id)).size).toBe(1);
    expect(new Set(reports.map(({ owner }) => owner)).size).toBe(1);
    expect(reports.every(({ owner }) => owner !== undefined)).toBe(true);
    expect(reports.every(({ info }) => info.id_persisted)).toBe(true);
  });
});

/** Makes an ID in a folder with the real files, between two looks at files that are not there. */
const MAKE_ID = `
  import { existsSync } from 'node:fs';
  import { createHash, createHmac, randomBytes } from 'node:crypto';
  import { resolveIdentity } from ${JSON.stringify(source('sender/identity/anonymous-id.ts'))};
  import { nodeFiles } from ${JSON.stringify(source('platform/node-files.ts'))};
  import { wholeFiles } from ${JSON.stringify(source('platform/whole-files.ts'))};
  import { fileValues } from ${JSON.stringify(source('storage/file-storage.ts'))};
  const storage = fileValues(process.argv[2], nodeFiles((tools) => wholeFiles(tools, () => randomBytes(6).toString('hex'))));
  const machine = {
    rawMachineId: () => Promise.reject(new Error('none')),
    hmacSha256: (key, text) => createHmac('sha256', key).update(text).digest('hex'),
  };
  const sources = {
    project: 'acme-cli', storage, container: false, machine,
    endpoint: { url: 'https://stats.acme.dev/v1/reports', form: 'batch', implicit: false },
    timeId: () => randomBytes(8).toString('hex'),
    newSecret: () => randomBytes(32).toString('hex'),
    hash: (algorithm, text) => createHash(algorithm).update(text).digest('hex'),
  };
  existsSync('/begin');
  const identity = await resolveIdentity(sources);
  existsSync('/end');
  console.log(JSON.stringify(identity));`;

/** A program in one file. */
function bundle(contents: string): string {
  const script = join(tempFolder('bundle'), 'script.mjs');
  buildSync({
    stdin: { contents, resolveDir: source('.'), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: script,
  });
  return script;
}

interface Call {
  readonly name: string;
  /** Which of the calls of this name in the program's life it is. */
  readonly nth: number;
}

/** The calls that have to do with files, between the two looks of a program. */
async function callsBetween(run: (...strace: string[]) => Promise<unknown>): Promise<Call[]> {
  const log = join(tempFolder('strace'), 'log');
  await run('strace', '-qq', '-o', log);
  const calls: Call[] = [];
  const counts = new Map<string, number>();
  let isBetween = false;
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    const [, name] = /^(\w+)\(/.exec(line) ?? [];
    if (name === undefined) continue;
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    if (line.includes('"/begin"')) isBetween = true;
    else if (line.includes('"/end"')) isBetween = false;
    else if (isBetween && FILE_CALL.test(name)) calls.push({ name, nth });
  }
  return calls;
}

/** A command that kills a program when it makes a call. */
const killAt = (name: string, nth: number): string[] => [
  'strace',
  '-qq',
  '-o',
  '/dev/null',
  '-e',
  `inject=${name}:signal=KILL:when=${nth}`,
];

describe('a kill while the ID is made', () => {
  it('at any of its system calls leaves a valid ID and secret or none', async () => {
    const script = bundle(MAKE_ID);
    const make = (folder: string, ...strace: string[]) =>
      runNode(script, folder, { args: [folder], wrapper: strace });

    const calls = await callsBetween((...strace) =>
      make(join(tempFolder('config'), 'a'), ...strace),
    );
    expect(calls.length).toBeGreaterThan(10);
    expect(new Set(calls.map(({ name }) => name))).toContain('link');

    /** The folder that a killed program leaves. Node makes some calls less now and then, and lives on. */
    const killedAt = async (name: string, nth: number, triesLeft = 10): Promise<string> => {
      const folder = join(tempFolder('config'), 'a');
      const { stdout } = await make(folder, ...killAt(name, nth));
      if (stdout === '') return folder;
      if (triesLeft === 0) throw new Error(`It lived through ${name} ${nth}, every time.`);
      return killedAt(name, nth, triesLeft - 1);
    };

    const left = { none: 0, valid: 0 };
    for (const { name, nth } of calls) {
      const folder = await killedAt(name, nth);
      const text = readIfThere(join(folder, 'anonymous-id'));
      if (text === undefined) left.none += 1;
      else {
        expect(text).toMatch(/^[0-9a-f]{16} time\n$/);
        left.valid += 1;
      }
      const secret = readIfThere(join(folder, 'owner-secret'));
      if (secret !== undefined) expect(secret).toMatch(/^[0-9a-f]{64}\n$/);
      const next = JSON.parse((await make(folder)).stdout) as { anonymous_id: string };
      expect(next).toMatchObject({
        id_source: 'time',
        id_persisted: true,
        owner: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      });
      const kept = readIfThere(join(folder, 'owner-secret'));
      expect(kept).toBe(secret ?? kept);
      if (text !== undefined) expect(text).toContain(next.anonymous_id);
    }
    expect(left.none).toBeGreaterThan(0);
    expect(left.valid).toBeGreaterThan(0);
  });
});

/** Changes a kept choice, as `off` does, between two looks at files that are not there. */
const CHOOSE = `
  import { existsSync } from 'node:fs';
  import { randomBytes } from 'node:crypto';
  import { createPreference } from ${JSON.stringify(source('consent/choice.ts'))};
  import { nodeFiles } from ${JSON.stringify(source('platform/node-files.ts'))};
  import { wholeFiles } from ${JSON.stringify(source('platform/whole-files.ts'))};
  const files = nodeFiles((tools) => wholeFiles(tools, () => randomBytes(6).toString('hex')));
  const file = process.argv[2] + '/choice';
  const place = { source: file, get: () => files.read(file), set: (text) => files.replace(file, text) };
  const preference = createPreference([place], { elapsed: () => 0, now: () => 0 });
  existsSync('/begin');
  await preference.save(process.argv[3], '0123');
  existsSync('/end');`;

describe('a kill while a choice is saved', () => {
  it('at any of its system calls leaves the old choice or the new one', async () => {
    const script = bundle(CHOOSE);
    const choose = (folder: string, choice: 'on' | 'off', ...strace: string[]) =>
      runNode(script, folder, { args: [folder, choice], wrapper: strace });
    const before = async (): Promise<string> => {
      const folder = join(tempFolder('config'), 'a');
      await choose(folder, 'on');
      return folder;
    };
    const calls = await callsBetween((...strace) =>
      before().then((folder) => choose(folder, 'off', ...strace)),
    );
    expect(new Set(calls.map(({ name }) => name))).toContain('rename');
    const left = { on: 0, off: 0 };
    for (const { name, nth } of calls) {
      const folder = await before();
      await choose(folder, 'off', ...killAt(name, nth));
      const text = readFileSync(join(folder, 'choice'), 'utf8');
      left[(JSON.parse(text) as { telemetry: 'on' | 'off' }).telemetry] += 1;
    }
    expect(left.on).toBeGreaterThan(0);
    expect(left.off).toBeGreaterThan(0);
  });
});

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

describe('a home that is odd', () => {
  const wrapper = () => onMachine({ machineId: A });

  it('has an ID file that belongs to another user: reports, and says it was not kept', async () => {
    const recorder = await startRecorder();
    const home = tempFolder('home');
    const app = newApp(home);
    mkdirSync(join(home, '.config/headcount/acme-cli'), { recursive: true });
    writeFileSync(idFile(home), '0123456789abcdef time\n', { mode: 0o600 });
    const uid = 65_534;
    for (const folder of ['.', '.config', '.config/headcount', '.config/headcount/acme-cli']) {
      chownSync(join(home, folder), uid, uid);
      chmodSync(join(home, folder), folder.endsWith('acme-cli') ? 0o500 : 0o700);
    }
    // Everybody may read the app itself.
    chmodSync(join(app.folder, '..'), 0o755);
    const as = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
    const report = await reportOf(app, recorder, { wrapper: [...wrapper(), ...as] });
    expect(report.anonymous_id).not.toBe('0123456789abcdef');
    expect(report.info).toMatchObject({ id_source: 'machine', id_persisted: false });
    expect(readFileSync(idFile(home), 'utf8')).toBe('0123456789abcdef time\n');
  });

  it('has an ID file of another user in a folder of its own: it is replaced', async () => {
    const recorder = await startRecorder();
    const home = tempFolder('home');
    const app = newApp(home);
    const uid = 65_534;
    mkdirSync(join(home, '.config/headcount/acme-cli'), { recursive: true });
    for (const folder of ['.', '.config', '.config/headcount', '.config/headcount/acme-cli']) {
      chownSync(join(home, folder), uid, uid);
    }
    writeFileSync(idFile(home), '0123456789abcdef time\n', { mode: 0o600 }); // EACCES on it alone
    chmodSync(join(app.folder, '..'), 0o755);
    const as = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
    const options = { wrapper: [...wrapper(), ...as] };
    const report = await reportOf(app, recorder, options);
    expect(report.anonymous_id).toBe(idOn(A, 'acme-cli', uid));
    expect(report.info).toMatchObject({ id_source: 'machine', id_persisted: true });
    expect((await reportOf(app, recorder, options)).anonymous_id).toBe(report.anonymous_id);
  });

  it('has a folder where the ID should be', async () => {
    const recorder = await startRecorder();
    const app = newApp();
    mkdirSync(idFile(app.home), { recursive: true });
    const report = await reportOf(app, recorder, { wrapper: wrapper() });
    expect(report.info).toMatchObject({ id_source: 'machine', id_persisted: false });
  });

  it.each(['', '0123', 'x'.repeat(100_000), '0123456789abcdef tim', '\0'.repeat(32)])(
    'has a corrupt or truncated ID, which is replaced (%#)',
    async (text) => {
      const recorder = await startRecorder();
      const app = newApp();
      mkdirSync(join(idFile(app.home), '..'), { recursive: true });
      writeFileSync(idFile(app.home), text);
      const report = await reportOf(app, recorder, { wrapper: wrapper() });
      expect(report.info).toMatchObject({ id_source: 'machine', id_persisted: true });
      expect(readFileSync(idFile(app.home), 'utf8')).toMatch(
        /^[0-9a-f]{16} machine [0-9a-f]{16}\n$/,
      );
    },
  );

  it.each([
    ['no HOME', { HOME: undefined }],
    ['an empty HOME', { HOME: '' }],
    ['a relative HOME', { HOME: 'somewhere' }],
    ['relative XDG folders', { XDG_CONFIG_HOME: 'config', XDG_DATA_HOME: '../data' }],
  ])('is %s: nothing is written beside the app', async (_case, env) => {
    const recorder = await startRecorder();
    const app = newApp();
    const before = filesUnder(app.folder);
    const report = await reportOf(app, recorder, { env, wrapper: wrapper() });
    expect(report.info.id_source).toBe('machine');
    expect(filesUnder(app.folder)).toEqual(before);
    const outside = [...new Set(filesUnder(app.home).map((file) => file.split('/', 3).join('/')))];
    expect(outside.filter((file) => !/^\.(config|local)\//.test(file))).toEqual([]);
  });

  it('is read-only: the machine gives the ID, which is not kept', async () => {
    const recorder = await startRecorder();
    const app = newApp();
    const mount = [
      'unshare',
      '--mount',
      'sh',
      '-euc',
      `mount -t tmpfs -o ro tmpfs ${app.home}; exec "$@"`,
      'sh',
    ];
    const report = await reportOf(app, recorder, { wrapper: [...mount, ...wrapper()] });
    expect(report.info).toMatchObject({ id_source: 'machine', id_persisted: false });
  });

  it('is full: the machine gives the ID, which is not kept', async () => {
    const recorder = await startRecorder();
    const app = newApp();
    const fill = `mount -t tmpfs -o size=4k,nr_inodes=64 tmpfs ${app.home};
      head -c 100000 /dev/zero > ${app.home}/filler 2>/dev/null || true; exec "$@"`;
    const mount = ['unshare', '--mount', 'sh', '-uc', fill, 'sh'];
    const report = await reportOf(app, recorder, { wrapper: [...mount, ...wrapper()] });
    expect(report.info).toMatchObject({ id_source: 'machine', id_persisted: false });
  });

  it('has an app in it whose name is longer than any package’s may be: it is off', async () => {
    const app = createTestApp({
      'package.json': { name: 'x'.repeat(300), version: '1.0.0' },
      'cli.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount();
        headcount.track();
        console.log(headcount.status().reason);`,
    });
    expect(await app.run('cli.mjs')).toMatchObject({ code: 0, stdout: 'no-project\n', stderr: '' });
    expect(filesUnder(app.home)).toEqual([]);
  });

  it.each(['@acme/cli', '../../etc', 'CON', '🦄', 'x'.repeat(200), '.', 'a/b\\c:d'])(
    'has a project called %j in it, and keeps to its own folders',
    async (project) => {
      const recorder = await startRecorder();
      const app = createTestApp({
        'cli.mjs': `import { createHeadcount } from 'headcount';
          createHeadcount({ project: ${JSON.stringify(project)}, version: '1.0.0' }).track();`,
      });
      const report = await reportOf(app, recorder, { wrapper: wrapper() });
      expect(report).toMatchObject({ project, info: { id_source: 'machine', id_persisted: true } });
      expect(report.anonymous_id).toBe(idOn(A, project));
      const files = filesUnder(app.home);
      expect(files.length).toBeGreaterThan(0);
      for (const file of files) {
        expect(file).toMatch(
          /^\.(config|local\/share)\/headcount\/[^/]+\/(outbox\/([^/]+\/)?)?[^/]+$/,
        );
      }
    },
  );
});
