import { readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cheapBuiltins } from '../../build/cheap-builtins.js';
import { ciVendors } from '../../build/ci-vendors.js';
import { startHttpRecorder } from '../support/http-recorder.js';
import { outboxFiles } from '../support/outbox-files.js';
import { packageWith } from '../support/package-with.js';
import { createTestApp, type TestApp } from '../support/run-app.js';

const repo = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(repo, 'dist');
const FORMS = ['mjs', 'cjs'] as const;
type Form = (typeof FORMS)[number];

/** How a program of each form loads the package. */
const load = (form: Form): string =>
  form === 'mjs' ? `await import('headcount')` : `require('headcount')`;
/** A program's code, which may await. */
const program = (code: string): string => `(async () => { ${code} })();`;

describe('the code of the package', () => {
  it('has no line of more than 400 characters', () => {
    const files = readdirSync(dist).filter((file) => /\.c?js$/.test(file));
    expect(files).toEqual(expect.arrayContaining(['index.js', 'deferred.cjs', 'sender.cjs']));
    const longest = files.map((file) => {
      const lines = readFileSync(join(dist, file), 'utf8').split('\n');
      return [file, Math.max(...lines.map((line) => line.length))] as const;
    });
    expect(longest.filter(([, length]) => length > 400)).toEqual([]);
  });

  it('names what each entry exports, in both forms', async () => {
    const entries: Record<string, string> = {
      headcount: 'createHeadcount',
      'headcount/cli': 'runCommand',
      'headcount/wire': 'manifestSchema',
      'headcount/storages': 'fromKeyv',
      'headcount/vscode': 'createHeadcount',
    };
    const lines = Object.entries(entries).map(([entry, name], nth) => ({
      mjs: `import { ${name} as n${nth} } from '${entry}'; if (!n${nth}) console.log('${entry}');`,
      cjs: `if (!require('${entry}').${name}) console.log('${entry}');`,
    }));
    const app = createTestApp({
      'all.mjs': lines.map(({ mjs }) => mjs).join('\n'),
      'all.cjs': lines.map(({ cjs }) => cjs).join('\n'),
    });
    for (const form of FORMS) {
      expect(await app.run(`all.${form}`)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    }
  });

  it.each(FORMS)('prints less than 2 kB for a mistake that is not caught (%s)', async (form) => {
    const code = `const { createHeadcount } = ${load(form)}; createHeadcount({ projct: 'x' });`;
    const app = createTestApp({ [`cli.${form}`]: code });
    const { code: exitCode, stdout, stderr } = await app.run(`cli.${form}`);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain('there is no option "projct"');
    expect(stderr).toContain('HEADCOUNT_ERR_UNKNOWN_OPTION');
    expect(Buffer.byteLength(stderr)).toBeLessThan(2_000);
  });
});

/** The scripts that a program has evaluated by the end of each step, as `<folder>/<file>`. */
interface Evaluated {
  readonly imported: readonly string[];
  readonly tracked: readonly string[];
  readonly asked: readonly string[];
  readonly flushed: readonly string[];
  readonly sent: number;
}

/**
 * A program that lists what its thread evaluates, by the inspector: each script that V8 is given.
 *
 * @param ask - the first call after `track()`, of `headcount`
 */
const listing = (form: Form, ask: string): string => `
  const { Session } = process.getBuiltinModule('node:inspector');
  const session = new Session();
  session.connect();
  const scripts = new Set();
  session.on('Debugger.scriptParsed', ({ params: { url } }) => {
    if (url !== '' && !url.startsWith('node:')) scripts.add(url.split('/').slice(-2).join('/'));
  });
  session.post('Debugger.enable');
  const evaluated = () => [...scripts].filter((script) => !script.endsWith('/probe.${form}'));
  ${program(`
    const { createHeadcount } = ${load(form)};
    const imported = evaluated();
    const headcount = createHeadcount();
    headcount.track();
    const tracked = evaluated();
    await headcount.${ask};
    const asked = evaluated();
    await headcount.flush();
    const { sent } = headcount.status();
    console.log(JSON.stringify({ imported, tracked, asked, flushed: evaluated(), sent }));
  `)}`;

async function evaluatedBy(app: TestApp, script: string): Promise<Evaluated> {
  const recorder = await startHttpRecorder();
  onTestFinished(() => recorder.close());
  const run = await app.run(script, { env: { HEADCOUNT_ENDPOINT: recorder.address } });
  expect(run).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(run.stdout) as Evaluated;
}

const ENTRIES = { mjs: 'dist/index.js', cjs: 'dist/index.cjs' } as const;
// The part of the exit tells status() whether a process can be started then.
const CALLS = ['status()', 'flush()'];
const each = FORMS.flatMap((form) => CALLS.map((ask) => [form, ask] as const));

describe('the host’s thread', () => {
  it.each(each)('evaluates only the entry until %s calls %s', async (form, ask) => {
    const app = createTestApp({ [`probe.${form}`]: listing(form, ask) });
    const entry = ENTRIES[form];
    const deferred = [entry, 'dist/deferred.cjs'];
    const told = [...deferred, 'dist/exit.cjs'];
    expect(await evaluatedBy(app, `probe.${form}`)).toEqual({
      imported: [entry],
      tracked: [entry],
      asked: ask === 'status()' ? told : deferred,
      flushed: told, // after status(); and a worker thread has evaluated the sender
      sent: 1,
    });
  });

  it.each(each)('evaluates only the bundle until %s calls %s', async (form, ask) => {
    const app = createTestApp({ [`entry.${form}`]: listing(form, ask) });
    const bundled = createTestApp({});
    await build({
      entryPoints: [join(app.folder, `entry.${form}`)],
      outfile: join(bundled.folder, 'out', `probe.${form}`),
      bundle: true,
      platform: 'node',
      format: form === 'mjs' ? 'esm' : 'cjs',
      conditions: ['module'],
      logLevel: 'error',
    });
    // A bundle in CommonJS does not know where it is.
    const parts = ['deferred.cjs', 'exit.cjs'];
    const told = parts.map((part) => (form === 'mjs' ? `out/${part}` : part));
    expect(await evaluatedBy(bundled, `out/probe.${form}`)).toEqual({
      imported: [],
      tracked: [],
      asked: ask === 'status()' ? told : told.slice(0, 1),
      flushed: told,
      sent: 1,
    });
  });

  it('has an entry that contains no module outside the host path', async () => {
    const { metafile } = await build({
      absWorkingDir: repo,
      entryPoints: ['src/index.ts'],
      inject: ['build/own-globals.ts'],
      plugins: [cheapBuiltins, ciVendors],
      define: { HEADCOUNT_BUILD: '"test"' },
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'esm',
      metafile: true,
      write: false,
    });
    const [output] = Object.values(metafile.outputs);
    const contained = Object.entries(output?.inputs ?? {})
      .filter(([file, { bytesInOutput }]) => bytesInOutput > 0 && file.startsWith('src/'))
      .map(([file]) => file.replace(/^src\/|\.ts$/g, ''));
    expect(contained).toContain('headcount');
    // A module that every program must load at its start is added here, and nowhere else.
    expect(contained.filter((file) => !HOST_PATH.includes(file))).toEqual([]);
  });
});

/** The modules that `import` and the first `track()` may load. */
const HOST_PATH: readonly string[] = [
  'consent/choice',
  'consent/decide',
  'consent/environment',
  'consent/test-runners',
  'consent/unreadable-variable',
  'delivery/delivery-state',
  'delivery/no-sender',
  'delivery/protocol',
  'drop-reasons',
  'errors',
  'file-names',
  'headcount',
  'host/exit-interval',
  'host/heartbeat-interval',
  'host/platform/instances',
  'host/platform/load-part',
  'host/platform/node-platform',
  'host/platform/node-sender-launchers',
  'host/platform/package-part',
  'host/platform/process-env',
  'host/platform/sender-file',
  'host/reporter',
  'host/schedule',
  'host/without-parts',
  'index',
  'options',
  'own-only',
  'platform/forget-context',
  'platform/node-files',
  'platform/node-processes',
  'platform/own-folders',
  'platform/patiently',
  'project/endpoint',
  'project/find-app',
  'project/launchers',
  'project/safe-name',
  'project/setup',
  'ranges',
  'report/channel',
  'report/ci-hints',
  'report/container',
  'report/declared-events',
  'report/draft-maker',
  'report/event-checker',
  'report/facts',
  'report/given-id',
  'report/sanitizer',
  'report/startup-event',
  'run-timed',
  'storage/appender',
  'storage/file-storage',
  'storage/memory-storage',
  'storage/null-storage',
  'storage/open-storage',
  'storage/segment-name',
  'storage/segment-writer',
  'type-guards',
  'wire/manifest',
  'wire/report',
];

describe('the parts of the package', () => {
  const CALL_ALL = `
    headcount.track();
    headcount.time('startup', () => 1);
    console.log(JSON.stringify({
      reason: headcount.status().reason,
      flushed: await headcount.flush(),
      warned: headcount.status().warnings.map(({ reason }) => reason),
      shown: (await headcount.show()).ok,
      notice: headcount.notice() ?? null,
      out: (await headcount.optOut()).ok,
      closed: await headcount.close(),
    }));`;
  /** The two reports are recorded, as status() says too. */
  const QUEUED = { sent: 0, queued: 2, dropped: 0 };
  const MISSING = {
    reason: 'files-missing',
    warned: ['files-missing'],
    flushed: QUEUED,
    shown: false,
    notice: null,
    out: false,
    closed: QUEUED,
  };
  const start = (form: Form): string =>
    `const headcount = (${load(form)}).createHeadcount(); headcount.track();`;

  it.each(FORMS)('are not run if they belong to another build (%s)', async (form) => {
    const headcount = packageWith('');
    const deferred = join(headcount, 'dist', 'deferred.cjs');
    const [mark = '', ...rest] = readFileSync(deferred, 'utf8').split('\n');
    const other = mark.replace(/[0-9a-f]{12}(?= \*\/$)/, '0123456789ab');
    expect(other).not.toBe(mark);
    writeFileSync(deferred, [other, `console.log('another build')`, ...rest].join('\n'));
    const code = program(`${start(form)} ${CALL_ALL}`);
    const app = createTestApp({ [`cli.${form}`]: code }, { headcount });
    const run = await app.run(`cli.${form}`);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    // The outbox keeps the reports, which are counted as queued.
    const flushed: unknown = expect.objectContaining({ sent: 0, dropped: 0 });
    const told = JSON.parse(run.stdout) as { flushed: { queued: number } };
    expect(told).toEqual({ ...MISSING, flushed, closed: told.flushed });
    expect(told.flushed.queued).toBeGreaterThan(0);
    expect(outboxFiles(app.home)).not.toEqual([]);
  });

  it.each(FORMS)(
    'are in what a tracer copies: an entry and the packed parts (%s)',
    async (form) => {
      const headcount = packageWith('');
      const copied = ['bundled.js', 'index.js', 'index.cjs', 'parts.cjs'];
      const folder = join(headcount, 'dist');
      for (const file of readdirSync(folder))
        if (!copied.includes(file)) rmSync(join(folder, file));
      const recorder = await startHttpRecorder();
      onTestFinished(() => recorder.close());
      const code = program(
        `${start(form)} await headcount.flush(); console.log(JSON.stringify(headcount.status()));`,
      );
      const app = createTestApp({ [`cli.${form}`]: code }, { headcount });
      const run = await app.run(`cli.${form}`, { env: { HEADCOUNT_ENDPOINT: recorder.address } });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(run.stdout)).toMatchObject({ mode: 'on', sent: 1, warnings: [] });
    },
  );

  it.each(FORMS)('are named by a warning if the sender alone is missing (%s)', async (form) => {
    const headcount = packageWith('');
    for (const file of ['sender.cjs', 'parts.cjs']) rmSync(join(headcount, 'dist', file));
    const code = program(`${start(form)} ${CALL_ALL}`);
    const app = createTestApp({ [`cli.${form}`]: code }, { headcount });
    const env = { HEADCOUNT_ENDPOINT: 'https://stats.acme.dev' };
    const run = await app.run(`cli.${form}`, {
      env,
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toMatchObject({
      flushed: { sent: 0 },
      warned: ['files-missing'],
    });
  });

  it('are not taken from packed ones of another build', async () => {
    const headcount = packageWith('');
    const folder = join(headcount, 'dist');
    const copied = ['bundled.js', 'index.js'];
    for (const file of readdirSync(folder)) if (!copied.includes(file)) rmSync(join(folder, file));
    const other = `/*! headcount parts 0.0.0 0123456789ab */\nconsole.log('another build');`;
    writeFileSync(join(folder, 'parts.cjs'), other);
    const app = createTestApp({ 'cli.mjs': program(`${start('mjs')} ${CALL_ALL}`) }, { headcount });
    const run = await app.run('cli.mjs');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toEqual(MISSING);
  });

  it.each(FORMS)('may be deleted while the program runs (%s)', async (form) => {
    const headcount = packageWith('');
    const removed = JSON.stringify(realpathSync(headcount));
    const remove = `process.getBuiltinModule('node:fs').rmSync(${removed}, { recursive: true });`;
    const code = program(`${start(form)} ${remove} ${CALL_ALL}`);
    const app = createTestApp({ [`cli.${form}`]: code }, { headcount });
    const env = { HEADCOUNT_ENDPOINT: 'http://127.0.0.1:9' };
    const run = await app.run(`cli.${form}`, { env });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    // They were opened with the first report, so nothing is missing.
    expect(JSON.parse(run.stdout)).toMatchObject({ out: true, flushed: { queued: 3 } });
    expect(run.stdout).not.toContain('files-missing');
    expect(outboxFiles(app.home)).toEqual([]); // the opt-out has deleted them
  });
});
