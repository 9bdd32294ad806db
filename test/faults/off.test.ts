import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startFaultServer } from '../support/fault-server.js';
import type { TestApp } from '../support/run-app.js';
import { createAppPair } from '../support/same-as-without.js';
import { tempFolder } from '../support/temp-folder.js';

const FORMS = {
  ESM: ['cli.mjs', `import { track } from 'headcount'; track(); console.log('done');`],
  CJS: ['cli.cjs', `require('headcount').track(); console.log('done');`],
} as const;

interface Traced {
  /** Names of system calls, without those whose number changes from run to run. */
  readonly calls: string[];
  readonly files: string[];
  readonly sockets: string[];
  readonly processes: string[];
}

async function trace(app: TestApp, script: string, env: Record<string, string>): Promise<Traced> {
  const log = join(tempFolder('strace'), 'log');
  const wrapper = [
    'strace',
    '-f',
    '-qq',
    '-s',
    '4096',
    '-e',
    'trace=network,file,process',
    '-o',
    log,
  ];
  const { code, stdout, stderr } = await app.run(script, { env, wrapper });
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'done\n', stderr: '' });
  const lines = readFileSync(log, 'utf8').split('\n');
  const text = (line: string): string => line.replace(/^\d+ +/, '');
  const named = (pattern: RegExp): string[] => lines.map(text).filter((line) => pattern.test(line));
  return {
    calls: named(/^\w+\(/),
    files: [
      ...new Set(
        named(
          /^(open|openat|stat|lstat|statx|newfstatat|access|faccessat2?|readlink|readlinkat|mkdir|mkdirat|unlink|unlinkat|rename|renameat2?|link|linkat|chmod|creat|truncate)\(/,
        ).flatMap((line) => /"([^"]*)"/.exec(line)?.[1] ?? []),
      ),
    ],
    sockets: named(/^(socket|socketpair|connect|bind|sendto|sendmsg)\(/),
    processes: named(/^(clone3?|fork|vfork|execve)\(/),
  };
}

/** Writes a file of Headcount's, as a former run or a collector would. */
function writeInHome({ home }: TestApp, name: string, content: object): string {
  const file = join(home, '.config/headcount', name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
  return file;
}

/** What a program shows of itself that is off, beside the same one without Headcount. */
async function expectNothing(
  script: string,
  code: string,
  env: Record<string, string>,
  {
    isNamed = true,
    prepare = () => [],
  }: { isNamed?: boolean; prepare?: (app: TestApp) => string[] } = {},
): Promise<void> {
  const server = await startFaultServer();
  const pair = createAppPair({ [script]: code });
  const choiceFiles = prepare(pair.real);
  // No endpoint is named: a program that reports would look for this file, and find it.
  const left = { url: server.address, pid: process.pid, started_at: new Date().toISOString() };
  writeInHome(pair.real, 'collector.json', left);
  const given = isNamed ? { ...env, HEADCOUNT_ENDPOINT: server.address } : env;
  const real = await trace(pair.real, script, given);
  const without = await trace(pair.without, script, given);
  expect(real.sockets).toEqual(without.sockets);
  expect(real.processes.length).toBe(without.processes.length);
  const ours = real.files.filter((file) => !without.files.includes(file));
  const repo = process.cwd();
  const { folder, home } = pair.real;
  const unexpected = ours.filter(
    (file) =>
      !file.startsWith(repo) &&
      !file.startsWith(folder) &&
      !file.startsWith(home) && // looked at below
      !repo.startsWith(file) &&
      file !== process.execPath, // looked at by the runtime itself, not in every run
  );
  // The app's own folder may be another one than the twin's; its temp folder's parents too.
  expect(unexpected.filter((file) => !folder.startsWith(file))).toEqual([]);
  const inApp = ours.filter((file) => file.startsWith(`${folder}/`));
  const mayBeRead = new RegExp(`^${folder}/(package\\.json|${script}|node_modules(/.*)?)$`);
  expect(inApp.filter((file) => !mayBeRead.test(file))).toEqual([]);
  expect(
    ours.filter((file) => file.startsWith(repo) && /\/sender\.cjs$|undici/.test(file)),
  ).toEqual([]);
  expect(real.files.filter((file) => file.startsWith(home))).toEqual(choiceFiles);
  expect(real.files.filter((file) => /machine-id|cgroup|dockerenv/.test(file))).toEqual(
    without.files.filter((file) => /machine-id|cgroup|dockerenv/.test(file)),
  );
  const writes = real.calls.filter((call) =>
    /O_CREAT|O_WRONLY|O_RDWR|^mkdir|^rename|^unlink/.test(call),
  );
  expect(writes.filter((call) => !/"\/dev\//.test(call))).toEqual([]);
  expect(server.connections()).toBe(0);
}

describe.each(['DO_NOT_TRACK', 'HEADCOUNT_DISABLED', 'ACME_CLI_TELEMETRY_DISABLED'])(
  'a program that runs with %s=1',
  (variable) => {
    it.each(Object.entries(FORMS))('opens nothing and starts nothing, as %s', async (_, form) => {
      const [script, code] = form;
      await expectNothing(script, code, { [variable]: '1' });
      await expectNothing(script, code, { [variable]: '1' }, { isNamed: false });
    });
  },
);

it.each([
  ['ESM', 'cli.mjs', `import { createHeadcount } from 'headcount';`],
  ['CJS', 'cli.cjs', `const { createHeadcount } = require('headcount');`],
])(
  'a program that says disabled: true opens nothing and starts nothing, as %s',
  async (...form) => {
    const [, script, load] = form;
    const code = `${load} createHeadcount({ disabled: true }).track(); console.log('done');`;
    await expectNothing(script, code, {});
    await expectNothing(script, code, {}, { isNamed: false });
  },
);

it.each(Object.entries(FORMS))(
  'a program whose user has said no reads that and nothing else, as %s',
  async (_, form) => {
    const [script, code] = form;
    const no = { telemetry: 'off', at: '2026-11-22T20:58:00.123Z' };
    const prepare = (app: TestApp) => [writeInHome(app, 'acme-cli/choice', no)];
    await expectNothing(script, code, {}, { prepare });
    await expectNothing(script, code, {}, { prepare, isNamed: false });
  },
);

it('the trace does show what a program does that reports', async () => {
  const server = await startFaultServer();
  const [script, code] = FORMS.ESM;
  const pair = createAppPair({ [script]: code });
  const real = await trace(pair.real, script, { HEADCOUNT_ENDPOINT: server.address });
  const without = await trace(pair.without, script, {});
  expect(real.files.filter((file) => file.startsWith(pair.real.home))).not.toEqual([]);
  expect(real.processes.length).toBeGreaterThan(without.processes.length);
});

it('the trace does show a program that looks for a collector on its machine', async () => {
  const server = await startFaultServer();
  const [script, code] = FORMS.CJS;
  const { real: app } = createAppPair({ [script]: code });
  const left = { url: server.address, pid: process.pid, started_at: new Date().toISOString() };
  const file = writeInHome(app, 'collector.json', left);
  expect((await trace(app, script, {})).files).toContain(file);
  await eventually(() => server.accepted().length === 1, 'the report, at that collector');
});
