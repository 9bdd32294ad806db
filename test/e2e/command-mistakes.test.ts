import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.js';
import { eventually } from '../support/eventually.js';
import { createTestApp, runNode, type TestApp } from '../support/run-app.js';

const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const APP = `import { track } from 'headcount'; track();`;
const MOUNTED = `import { createHeadcount } from 'headcount';
  import { runCommand } from 'headcount/cli';
  process.exitCode = await runCommand(createHeadcount(), process.argv.slice(2));`;

/** Runs the app once, and waits until it is known: its sender tells. */
async function runOnce(app: TestApp): Promise<void> {
  await app.run('cli.mjs', { env: { HEADCOUNT_ENDPOINT: 'http://127.0.0.1:9' } });
  const record = join(app.home, '.local/share/headcount/acme-cli/app.json');
  await eventually(() => existsSync(record), 'the record of the program');
}

describe('arguments that are not understood', () => {
  it.each([
    ['foo', 'Unknown command: "foo".'],
    ['foo --project acme-cli', 'Unknown command: "foo".'],
    ['statsu', 'Unknown command: "statsu". Did you mean "status"?'],
    ['constructor', 'Unknown command: "constructor".'],
    ['--projct acme-cli', 'Unknown option: "--projct". Did you mean "--project"?'],
    ['status -x', 'Unknown option: "-x".'],
    ['status now', 'Too many words: "status" takes no other, but "now" was given.'],
    ['show acme-cli other', 'Too many words: "show" takes no other, but "acme-cli" was given.'],
    ['status --project', '"--project" needs a value.'],
    ['status --project=', '"--project" needs a value.'],
    ['status --project --json', '"--project" needs a value, but "--json" follows.'],
    ['status --json=yes', '"--json" takes no value, but "yes" was given.'],
    ['status -p a --project b', '"--project" was given twice.'],
    ['status --check', '"--check" is an option of "manifest", not of "status".'],
    ['export --proof', '"--proof" is an option of "show", not of "export".'],
    ['off --events x.js', '"--events" is an option of "manifest", not of "off".'],
  ])('%s: are named first, then what exists', async (args, first) => {
    const { home } = createTestApp({});
    const { code, stdout, stderr } = await runNode(BIN, home, { args: args.split(' ') });
    expect(stderr.split('\n')[0]).toBe(first);
    for (const word of Object.keys(COMMANDS)) expect(stderr).toContain(`  ${word.padEnd(9)} `);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it.each([
    ['foo', 'Unknown command: "foo".'],
    ['status --project', 'Unknown option of "status": "--project".'],
    ['off now', 'Too many words: "off" takes no other, but "now" was given.'],
  ])('%s: are named by a program that has mounted the commands', async (args, first) => {
    const app = createTestApp({ 'cli.mjs': MOUNTED });
    const { code, stderr } = await app.run('cli.mjs', { args: args.split(' ') });
    expect(stderr.split('\n')[0]).toBe(first);
    expect(stderr).toContain('  doctor ');
    expect(code).toBe(2);
  });

  it('name a wrong value', async () => {
    const { home } = createTestApp({});
    const args = ['doctor', '--project', 'acme-cli', '--endpoint', 'stats.acme.dev'];
    const { code, stderr } = await runNode(BIN, home, { args });
    expect(stderr).toContain('--endpoint must be');
    expect(stderr).toContain('"stats.acme.dev"');
    expect(code).toBe(2);
  });
});

describe('a program that nobody knows', () => {
  it('is not said to be on: the known ones are named, and those of a similar name', async () => {
    const app = createTestApp({ 'cli.mjs': APP });
    const env = { HEADCOUNT_ENDPOINT: 'http://127.0.0.1:9' };
    const command = (...args: string[]) => runNode(BIN, app.home, { args, env });
    const none = await command('status', '--project', 'acme-cli');
    expect(none.stderr).toContain('No program called "acme-cli" has reported from here');
    expect(none.stderr).toContain('nothing is known');
    expect(none).toMatchObject({ code: 1, stdout: '' });
    await runOnce(app);
    const typo = await command('status', '--project', 'acme-cly');
    expect(typo.stderr).toContain('(known: acme-cli). Did you mean "acme-cli"?');
    expect(typo).toMatchObject({ code: 1, stdout: '' });
    const json = await command('status', '--project', 'acme-cly', '--json');
    expect(JSON.parse(json.stdout)).toEqual({
      project: 'acme-cly',
      isKnown: false,
      known: ['acme-cli'],
      similar: ['acme-cli'],
    });
    expect(json.code).toBe(1);
    expect(await command('status', '--project', 'acme-cli')).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('the advice of status', () => {
  it.each([
    [{ DO_NOT_TRACK: '1' }, /is set to "1"/, /unset DO_NOT_TRACK/],
    [{ HEADCOUNT_DISABLED: 'true' }, /is set to "true"/, /unset HEADCOUNT_DISABLED/],
    [{ NODE_ENV: 'test' }, /NODE_ENV is "test"/, /in tests only/],
    [{ HEADCOUNT_ENDPOINT: 'nonsense' }, /not an absolute URL/, /Correct HEADCOUNT_ENDPOINT/],
  ])('fits what has turned telemetry off: %o', async (env, because, toDo) => {
    const app = createTestApp({ 'cli.mjs': APP });
    await runOnce(app);
    const args = ['status', '--project', 'acme-cli'];
    const { stdout } = await runNode(BIN, app.home, { args, env });
    expect(stdout).toMatch(because);
    expect(stdout).toMatch(toDo);
    expect(stdout).not.toContain('acme-cli on\n');
    // `on` saves the choice, and says that it does not count now.
    const on = await runNode(BIN, app.home, { args: ['on', '--project', 'acme-cli'], env });
    if (!('HEADCOUNT_ENDPOINT' in env)) expect(on.stdout).toMatch(toDo);
    else expect(on.code).toBe(1);
  });

  it('also speaks of variables where it is for all programs', async () => {
    const { home } = createTestApp({});
    for (const word of ['status', 'on']) {
      const { stdout } = await runNode(BIN, home, { args: [word], env: { DO_NOT_TRACK: '1' } });
      expect(stdout).toContain('it is off while the variable DO_NOT_TRACK is set');
    }
  });
});
