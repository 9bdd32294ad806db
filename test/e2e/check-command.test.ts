import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createTestApp, type Finished, runNode, type TestApp } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));

const MANIFEST = {
  manifest_version: 1,
  project: 'acme-cli',
  report: {},
  events: {
    render: {
      description: 'A page was rendered.',
      fields: { cached: { kind: 'enum', values: ['yes', 'no'] } },
    },
  },
};
const HEADCOUNT = `
  import { createHeadcount } from 'headcount';
  const headcount = createHeadcount({
    events: { render: { description: 'A page.', fields: { cached: ['yes', 'no', 'ada@acme.dev'] } } },
  });
  headcount.track();`;
/** Whether telemetry is on, as a program of its own ways finds out. */
const IS_ON = `!process.env.DO_NOT_TRACK && !process.env.HEADCOUNT_DISABLED
  && !process.env.ACME_CLI_TELEMETRY_DISABLED`;
/** Sends a report by code of the program's own. */
const ownPost = (headers = {}, more = {}): string => `
  const report = {
    report_id: crypto.randomUUID(), anonymous_id: '0123456789abcdef', project: 'acme-cli',
    timestamp: new Date().toISOString(), event: 'startup', lost_total: 0,
    info: { os: 'Linux', version: '2.3.1', ...${JSON.stringify(more)} },
  };
  await fetch(process.env.HEADCOUNT_ENDPOINT + '/v1/reports', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...${JSON.stringify(headers)} },
    body: JSON.stringify(report),
    signal: AbortSignal.timeout(300),
  }).catch(() => {});`;

const appOf = (code: string, files: Record<string, object> = {}): TestApp =>
  createTestApp({ 'cli.mjs': code, ...files });

interface Told {
  readonly passed: boolean;
  readonly promises: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly text: string;
    readonly details: readonly string[];
    readonly advice?: string;
  }[];
}

const check = (
  { folder, home }: TestApp,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Finished> =>
  runNode(BIN, home, { cwd: folder, args: ['check', ...args], killAfterMs: 90_000, env });

/** The promises that a program breaks, by their names, with all that is told of them. */
async function brokenBy(
  app: TestApp,
  options: readonly string[] = [],
): Promise<[string, string][]> {
  const ran = await check(app, [
    '--json',
    '--runs',
    '2',
    '--delay',
    '500',
    ...options,
    '--',
    'node',
    'cli.mjs',
  ]);
  expect(ran.stderr).toBe('');
  const told = JSON.parse(ran.stdout) as Told;
  const broken = told.promises.filter(({ ok }) => !ok);
  expect([ran.code, told.passed]).toEqual(broken.length === 0 ? [0, true] : [3, false]);
  for (const { advice } of broken) expect(advice).toMatch(/\w/);
  return broken.map(({ name, text, details }) => [name, [text, ...details].join('\n')]);
}

describe('headcount check', () => {
  it('passes a good program, shows what arrived, and leaves nothing', async () => {
    const code = `${HEADCOUNT} headcount.track('render', { cached: 'no' }); console.log('done');`;
    const app = appOf(code, { 'headcount.manifest.json': MANIFEST });
    const TMPDIR = tempFolder('tmp');
    // What the author has said for themselves, and a runner, decide nothing here.
    const env = { DO_NOT_TRACK: '1', VITEST: 'true', TMPDIR };
    const { code: exitCode, stdout, stderr } = await check(app, ['--', 'node', 'cli.mjs'], env);
    expect(stderr).toBe('');
    expect(stdout.match(/^ok {6}/gm)).toHaveLength(8);
    // On a busy machine it runs more often.
    expect(stdout).toMatch(
      /\d+ reports of acme-cli from (\d+) runs\n +startup × \1\n +render \{ cached: "no" \} × \1\n/,
    );
    expect(stdout).toMatch(/DO_NOT_TRACK, HEADCOUNT_DISABLED, ACME_CLI_TELEMETRY_DISABLED/);
    expect(stdout).toContain(
      'connections to other addresses, and files in other folders, were not',
    );
    expect(stdout).not.toContain('was not seen');
    expect(stdout).toContain('All 8 promises are kept.');
    expect(exitCode).toBe(0);
    expect(readdirSync(app.home)).toEqual([]);
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  it.each([
    ['tracks nothing', `import 'headcount';`, /nothing was recorded/],
    [
      'never asks for the yes that it needs',
      `import { createHeadcount } from 'headcount'; createHeadcount({ mode: 'opt-in' }).track();`,
      /nothing was recorded/,
    ],
    [
      'never shows the notice that it needs',
      `import { createHeadcount } from 'headcount';
       createHeadcount({ notice: 'before-send' }).track();`,
      /something was recorded/,
    ],
  ])('finds that nothing arrives: the program %s', async (_, code, text) => {
    expect(await brokenBy(appOf(code))).toEqual([['arrives', expect.stringMatching(text)]]);
  });

  it('--opt-in runs it for a person who has said yes', async () => {
    const code = `import { createHeadcount } from 'headcount'; createHeadcount({ mode: 'opt-in' }).track();`;
    expect(await brokenBy(appOf(code), ['--opt-in'])).toEqual([]);
  });

  it('finds what is not declared, where there is a manifest and where there is none', async () => {
    const code = `${HEADCOUNT} headcount.track('render', { cached: 'no' });`;
    expect(await brokenBy(appOf(code))).toEqual([
      ['declared', expect.stringContaining('there is no headcount.manifest.json here')],
    ]);
    const other = { ...MANIFEST, events: { render: { description: 'A page.', fields: {} } } };
    const found = await brokenBy(appOf(code, { 'telemetry.json': other }), [
      '--manifest',
      'telemetry.json',
    ]);
    expect(found).toEqual([
      ['declared', expect.stringContaining('the field "cached" of "render" is not declared')],
    ]);
  });

  it('finds what Headcount leaves out in the program, also where the program has closed it', async () => {
    const code = `${HEADCOUNT}
      headcount.track('nope');
      headcount.track('render', { cached: 'perhaps' });
      headcount.track('render', { cached: 'no', size: 1 });
      await headcount.close();`;
    const found = await brokenBy(appOf(code, { 'headcount.manifest.json': MANIFEST }));
    expect(found.map(([name]) => name)).toContain('declared');
    const told = new Map(found).get('declared') ?? '';
    expect(told).toContain('undeclared-event: 1 ');
    expect(told).toContain('invalid-value: 1 ');
    expect(told).toContain('undeclared-field: 1 ');
  });

  it('finds an ID in the folder for temporary files, and says where it has not looked', async () => {
    const write = `import { writeFileSync } from 'node:fs';
      import { tmpdir } from 'node:os';
      writeFileSync(tmpdir() + '/machine-id', 'x');`;
    const found = await brokenBy(appOf(`${HEADCOUNT} ${write}`));
    expect(found).toEqual([['off', expect.stringContaining('written: $TMPDIR/machine-id')]]);
  });

  it('finds personal data, which Headcount has replaced', async () => {
    const code = `${HEADCOUNT} headcount.track('render', { cached: 'ada@acme.dev' });`;
    const found = new Map(await brokenBy(appOf(code, { 'headcount.manifest.json': MANIFEST })));
    expect(found.get('personal')).toContain('fields.cached was personal data (email)');
  });

  it('finds headers and facts that tell more, of a client of one’s own', async () => {
    const post = ownPost({ 'x-user': 'ada' }, { home: '/home/ada' });
    const found = new Map(await brokenBy(appOf(`if (${IS_ON}) { ${post} }`)));
    expect(found.get('headers')).toMatch(/"x-user" is not needed/);
    expect(found.get('headers')).toMatch(/"user-agent" tells more/i);
    expect(found.get('declared')).toContain('"info.home" is no property');
    expect(found.get('personal')).toContain('info.home looks like personal data (path)');
  });

  it('finds that telemetry can be noticed by a line, a warning and an exit code', async () => {
    const act = `console.log('telemetry is on'); console.warn('sent 1'); process.exitCode = 7;`;
    const found = await brokenBy(appOf(`${HEADCOUNT} if (${IS_ON}) { ${act} }`));
    expect(found.map(([name]) => name)).toEqual(['silent']);
    const text = found[0]?.[1];
    expect(text).toContain('stdout differs in line 1: on "telemetry is on"');
    expect(text).toContain('stderr differs in line 1');
    expect(text).toContain('the exit code is 7 with telemetry on, and 0');
  });

  it('finds a line of telemetry among others that vary', async () => {
    const varies = `for (let at = 0; at < 6; at += 1) console.log(String.fromCharCode(97 + Math.random() * 26));`;
    const code = `${HEADCOUNT} if (${IS_ON}) console.log('sent 1'); ${varies}`;
    const text = 'stdout has a line in every run with telemetry on: "sent 0"';
    expect(await brokenBy(appOf(code))).toEqual([['silent', expect.stringContaining(text)]]);
  });

  it('takes for no difference what varies without telemetry too, and a notice at the first run', async () => {
    const code = `
      import { createHeadcount } from 'headcount';
      const headcount = createHeadcount({ notice: 'before-send' });
      const text = headcount.notice();
      if (text) console.error(text);
      headcount.track();
      console.log('ready in', Math.round(performance.now() * 1000), 'µs');
      console.log(Math.random().toString(36));`;
    const ran = await check(appOf(code), ['--runs', '2', '--', 'node', 'cli.mjs']);
    expect(ran.stdout).toMatch(/ok {6}silent/);
    expect(ran.stdout).toContain('stdout varies from run to run with telemetry off too');
    expect(ran.stdout).toContain('the first run printed something else');
    expect(ran.code).toBe(0);
  });

  it.each([
    [
      'changes the variables',
      `for (const name of Object.keys(process.env)) {
         if (/DO_NOT_TRACK|HEADCOUNT_DISABLED|TELEMETRY_DISABLED/.test(name)) delete process.env[name];
       }
       const { track } = await import('headcount'); track();`,
      /written: .*headcount/,
    ],
    [
      'connects, and keeps an ID of its own',
      `import { mkdirSync, writeFileSync } from 'node:fs';
       ${ownPost({ 'user-agent': 'headcount/1.0' })}
       for (const name of ['.myapp-telemetry', '.myapp']) {
         mkdirSync(process.env.HOME + '/' + name, { recursive: true });
         writeFileSync(process.env.HOME + '/' + name + '/id', '1');
       }`,
      /connections to the collector: [1-9]\d*\nwritten: \.myapp-telemetry\/id\n.*other files.*: \.myapp\/id/,
    ],
  ])('finds that off is not off: the program %s', async (_, code, text) => {
    const found = new Map(await brokenBy(appOf(code)));
    expect(found.get('off')).toMatch(text);
  });

  it('finds that the program ends later, also where the collector never answers', async () => {
    const late = `${HEADCOUNT} if (${IS_ON}) await new Promise((done) => setTimeout(done, 2500));`;
    expect(await brokenBy(appOf(late))).toEqual([
      ['exit', expect.stringMatching(/\+[2-9]\d\d\d ms with a collector/)],
    ]);
    const waits = `${HEADCOUNT} await headcount.close({ timeoutMs: 3000 });`;
    const [[name, text] = ['', '']] = await brokenBy(appOf(waits));
    expect([name, text]).toEqual([
      'exit',
      expect.stringMatching(/[+][23]\d\d\d ms with one that never/),
    ]);
  }, 120_000);

  it('finds that the program hangs where the collector never answers, and shows the rest', async () => {
    const fetches = `
      if (${IS_ON}) await fetch(process.env.HEADCOUNT_ENDPOINT, { method: 'POST', body: '{}' });`;
    const app = appOf(`${HEADCOUNT} ${fetches} console.log('done');`);
    const found = new Map(await brokenBy(app, ['--limit', '10']));
    expect([...found.keys()]).toEqual(['headers', 'exit']);
    expect(found.get('exit')).toMatch(
      /hangs with a collector that never answers \(1 of 1 runs\)\n.* had not ended within 10 s/,
    );
  });

  it('shows what is known of a program that never ends, and what to do', async () => {
    const app = appOf(`${HEADCOUNT} setInterval(() => {}, 1000);`);
    const ran = await check(app, ['--limit', '5', '--', 'node', 'cli.mjs']);
    expect(ran.stdout).toMatch(/^ok {6}arrives {3}1 reports of acme-cli/);
    expect(ran.stdout).toMatch(/^ok {6}off/m);
    expect(ran.stdout).not.toMatch(/FAILED|All/);
    expect(ran.stderr).toMatch(/did not end by itself within 5 s[^]*--for 5/);
    expect(ran.code).toBe(1);
  });

  it('finds a process that is left behind, and ends it', async () => {
    const sleeper = `setTimeout(() => {}, 120_000); // of ${tempFolder('sleeper')}`;
    const code = `${HEADCOUNT}
      import { spawn } from 'node:child_process';
      if (${IS_ON}) {
        const how = { detached: true, stdio: process.argv[2] === 'open' ? 'inherit' : 'ignore' };
        spawn(process.execPath, ['-e', ${JSON.stringify(sleeper)}], how).unref();
      }`;
    const app = appOf(code);
    const args = ['--json', '--runs', '2', '--', 'node', 'cli.mjs', 'open'];
    const ran = await check(app, args);
    const { promises } = JSON.parse(ran.stdout) as Told;
    const leaves = promises.find(({ name }) => name === 'leaves');
    expect(leaves?.ok).toBe(false);
    expect(leaves?.details.join('\n')).toMatch(/still open[^]*still there after 15 s/);
    const pids = [...(leaves?.details.join('\n').matchAll(/(\d+) \(/g) ?? [])].map(
      ([, pid]) => pid,
    );
    expect(pids.length).toBeGreaterThan(1);
    for (const pid of pids) expect(stateOf(pid ?? '')).toMatch(/^[ZX]?$/);
  });

  it('ends a server, in a folder with spaces, started by npm', async () => {
    const folder = join(tempFolder('check'), 'my app');
    const server = `${HEADCOUNT}
      import { createServer } from 'node:http';
      const server = createServer().listen(0, '127.0.0.1', () => console.log('listening'));
      process.on('SIGTERM', () => { console.log('bye'); server.close(); });`;
    const app = createTestApp(
      {
        'package.json': {
          name: 'acme-cli',
          version: '1.0.0',
          scripts: { start: 'node server.mjs' },
        },
        'server.mjs': server,
      },
      { folder },
    );
    const ran = await check(app, ['--for', '3', '--runs', '2', '--', 'npm', 'start']);
    expect(ran.stdout).toMatch(/it ends after SIGTERM/);
    expect([ran.code, ran.stderr]).toEqual([0, '']);
  });

  it('runs a program by a path with spaces, and gives it its arguments as they are', async () => {
    const folder = join(tempFolder('check'), 'my app');
    mkdirSync(join(folder, 'node_modules'), { recursive: true });
    symlinkSync(
      fileURLToPath(new URL('../../', import.meta.url)),
      join(folder, 'node_modules', 'headcount'),
    );
    writeFileSync(join(folder, 'package.json'), '{"name":"acme-cli","type":"module"}');
    const file = join(folder, 'a program.js');
    writeFileSync(file, `${HEADCOUNT} if (process.argv[2] !== '--json a"b') process.exitCode = 4;`);
    const home = tempFolder('home');
    const args = ['check', '--runs=2', process.execPath, file, '--json a"b'];
    const ran = await runNode(BIN, home, { args, cwd: home, killAfterMs: 60_000 });
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout).toMatch(/^ok {6}/);
  });

  it('says what it cannot run', async () => {
    const app = appOf('');
    const missing = await check(app, ['--', './no-such-program']);
    expect([missing.code, missing.stdout]).toEqual([1, '']);
    expect(missing.stderr).toMatch(/"\.\/no-such-program" could not be started: .*ENOENT/);
    for (const [args, text] of MISTAKES) {
      const ran = await check(app, args);
      expect([ran.code, ran.stdout]).toEqual([2, '']);
      expect(ran.stderr).toContain(text);
      expect(ran.stderr).toContain('Usage: npx headcount check');
    }
    expect(await check(app, ['--help'])).toMatchObject({ code: 0, stderr: '' });
  });
});

const MISTAKES: readonly (readonly [readonly string[], string])[] = [
  [[], 'Name the program to run'],
  [['--'], 'Name the program to run'],
  [['--runs', 'x', 'node'], '"--runs" must be a number from 2 to 20, and is "x"'],
  [['--runs', '1', 'node'], '"--runs" must be a number'],
  [['--for'], '"--for" needs a value'],
  [['--for', '--', 'node'], '"--for" needs a value'],
  [['--jsn', 'node'], 'Did you mean "--json"?'],
  [['--json=1', 'node'], '"--json" takes no value'],
  [['--json', '--json', 'node'], '"--json" was given twice'],
];

/** The state of a process; '' if there is none. One that nobody waits for stays a zombie. */
function stateOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .slice(0, 1);
  } catch {
    return ''; // there is none
  }
}
