import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createTestApp, type Finished, runNode, type TestApp } from '../support/run-app.js';

const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
const FILES = ['headcount.manifest.json', 'TELEMETRY.md'] as const;
const EVENTS = `import { defineEvents, field } from 'headcount';
  export const events = defineEvents({
    build: { description: 'A build was finished.', fields: { bundler: ['vite'], pages: field.count({ max: 9 }) } },
  });`;

interface OfApp {
  readonly events?: string;
  readonly headcount?: unknown;
}

function createApp({
  events = EVENTS,
  headcount = { events: './events.mjs' },
}: OfApp = {}): TestApp {
  return createTestApp({
    'package.json': { name: '@acme/cli', version: '2.3.1', headcount },
    'events.mjs': events,
  });
}

/** `npx headcount manifest …` in the app's folder. */
const manifest = (
  { folder, home }: TestApp,
  args = '',
  env: Record<string, string> = {},
): Promise<Finished> =>
  runNode(BIN, home, { cwd: folder, args: ['manifest', ...args.split(' ').filter(Boolean)], env });

const read = ({ folder }: TestApp, name: string): string =>
  readFileSync(join(folder, name), 'utf8');

describe('headcount manifest', () => {
  it('writes the manifest and the page from the code, the same ones whatever the environment', async () => {
    const app = createApp({
      headcount: { events: './events.mjs', endpoint: 'https://stats.acme.dev', retentionDays: 90 },
    });
    expect(await manifest(app)).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(read(app, FILES[0]))).toMatchObject({
      manifest_version: 1,
      project: '@acme/cli',
      events: {
        startup: { fields: {} },
        build: {
          description: 'A build was finished.',
          fields: { bundler: { kind: 'enum', values: ['vite'] }, pages: { kind: 'count', max: 9 } },
        },
      },
    });
    expect(read(app, FILES[1])).toMatch(/https:\/\/stats\.acme\.dev[^]*`pages`[^]*90 days/);
    for (const env of [{ DO_NOT_TRACK: '1' }, { CI: '1', HEADCOUNT_ENDPOINT: 'https://x.dev' }]) {
      expect(await manifest(app, '--check', env)).toMatchObject({ code: 0, stderr: '' });
    }
  });

  it('--check writes nothing, names what differs and what to do, and ends with 3', async () => {
    const app = createApp();
    const missing = await manifest(app, '--check');
    expect(missing).toMatchObject({ code: 3, stdout: '' });
    expect(missing.stderr).toMatch(
      /manifest\.json is missing[^]*TELEMETRY\.md is missing[^]*without --check/,
    );
    expect(FILES.filter((name) => existsSync(join(app.folder, name)))).toEqual([]);
    await manifest(app);
    writeFileSync(join(app.folder, 'events.mjs'), EVENTS.replace("'vite'", "'vite', 'rollup'"));
    const changed = await manifest(app, '--check');
    expect(changed.code).toBe(3);
    expect(changed.stderr).toMatch(/TELEMETRY\.md differs.*line \d+[^]*`vite`, `rollup`/);
    const json = await manifest(app, '--check --json');
    expect(JSON.parse(json.stdout)).toEqual({ changed: [...FILES], written: false });
    await manifest(app);
    expect((await manifest(app, '--check')).code).toBe(0);
  });

  it('--check looks past the layout that a formatter or git has given the files', async () => {
    const app = createApp();
    await manifest(app);
    const [json, page] = FILES.map((name) => read(app, name));
    writeFileSync(join(app.folder, FILES[0]), JSON.stringify(JSON.parse(json ?? '')));
    writeFileSync(join(app.folder, FILES[1]), (page ?? '').replaceAll('\n', '\r\n'));
    expect(await manifest(app, '--check')).toMatchObject({ code: 0, stderr: '' });
  });

  it('takes another module, its default export, and a name that are given', async () => {
    const app = createApp({ headcount: undefined });
    writeFileSync(join(app.folder, 'more.mjs'), `export default { deploy: { description: 'x' } };`);
    expect((await manifest(app, '--events more.mjs --project other')).code).toBe(0);
    const { project, events } = JSON.parse(read(app, FILES[0])) as Record<string, object>;
    expect([project, Object.keys(events ?? {})]).toEqual(['other', ['startup', 'alive', 'deploy']]);
  });

  it.each<[string, OfApp, string, RegExp]>([
    ['no such module', {}, '--events none.mjs', /none\.mjs could not be loaded/],
    ['one that throws', { events: 'throw new Error("boom")' }, '', /boom/],
    ['one without events', { events: 'export const x = 1' }, '', /exports no events/],
    [
      'a declaration that is wrong',
      { events: `export const events = { build: { description: 'x', fields: { a: [] } } }` },
      '',
      /events\.build\.fields\.a must be/,
    ],
    [
      'a retention that is none',
      { headcount: { retentionDays: 'x' } },
      '',
      /retentionDays must be/,
    ],
    ['a mode that is none', { headcount: { mode: 'off' } }, '', /mode must be one of/],
    ['a section that is none', { headcount: 7 }, '', /headcount must be an object/],
  ])('tells an author of %s, and ends with 2', async (_, given, args, message) => {
    const app = createApp(given);
    const result = await manifest(app, args);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(message);
    expect(result.stderr).not.toContain('    at '); // no stack
  });

  it('has its flags for itself', async () => {
    const { folder, home } = createApp();
    const result = await runNode(BIN, home, { cwd: folder, args: ['status', '--check'] });
    expect(result).toMatchObject({ code: 2, stdout: '' });
  });

  it('is mounted in an app, with the app’s own events', async () => {
    const app = createTestApp({
      'cli.mjs': `import { createHeadcount } from 'headcount';
        import { runCommand } from 'headcount/cli';
        const headcount = createHeadcount({ events: { sync: { description: 'It was synced.' } } });
        process.exitCode = await runCommand(headcount, process.argv.slice(2), {
          name: 'acme telemetry', about: { purpose: 'To know.' } });`,
    });
    expect(await app.run('cli.mjs', { args: ['manifest'] })).toMatchObject({ code: 0, stderr: '' });
    expect(read(app, FILES[1])).toMatch(/To know\.[^]*`acme telemetry off`[^]*### Event `sync`/);
    expect((await app.run('cli.mjs', { args: ['manifest', '--check'] })).code).toBe(0);
    expect((await app.run('cli.mjs', { args: ['show', '--check'] })).code).toBe(2);
  });

  it('keeps the pages of the example true', async () => {
    const cwd = join(EXAMPLES, 'commander-cli');
    const { home } = createApp();
    const result = await runNode(BIN, home, { cwd, args: ['manifest', '--check'] });
    expect(result).toMatchObject({ code: 0, stderr: '' });
  });
});
