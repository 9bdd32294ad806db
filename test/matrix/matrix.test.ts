import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startHttpRecorder } from '../support/http-recorder.js';
import { type App, layOut, run } from './app.js';
import { type Programs, type Row, ROWS } from './rows.js';

const PAGE = fileURLToPath(new URL('../../docs/runtimes.md', import.meta.url));
const [BEGIN, END] = ['<!-- matrix: begin -->', '<!-- matrix: end -->'];

let app: App;
beforeAll(() => {
  app = layOut();
});
afterAll(() => rmSync(dirname(app.folder), { recursive: true, force: true, maxRetries: 20 }));

const title = ({ name, version }: Row): string => `${name} ${version}`;
const passed = new Set<string>();

describe.concurrent('the package works', () => {
  it.each(ROWS.map((row) => [title(row), row] as const))('%s', async (name, row) => {
    await check(await row.make(app), name);
    passed.add(name);
  });
});

/** Both programs deliver exactly once and silently, and leave nothing where telemetry is off. */
async function check(programs: Programs, name: string): Promise<void> {
  const recorder = await startHttpRecorder();
  const home = join(dirname(app.folder), 'homes', name.replaceAll(/[^\w.-]+/g, '-'));
  const end = (command: readonly string[], place: string, more = {}) => {
    const HOME = join(home, place);
    mkdirSync(HOME, { recursive: true });
    return run(command, programs.folder, { HOME, HEADCOUNT_ENDPOINT: recorder.address, ...more });
  };
  try {
    for (const bundle of programs.bundles) {
      expect(readFileSync(bundle, 'utf8').includes('build-machine')).toBe(false);
    }
    const silent = { code: 0, output: 'done\n' };
    expect(await end(programs.cli, 'off', { DO_NOT_TRACK: '1' })).toEqual(silent);
    expect(await end(programs.cli, 'cli')).toEqual(silent);
    await eventually(
      () => recorder.reports().length === 1,
      `the report of the short program, ${name}`,
    );
    expect(await end(programs.server, 'server')).toEqual(silent);
    const reports = recorder.reports();
    expect(reports.map(({ project, info }) => [project, info.version])).toEqual([
      ['acme-cli', '2.3.1'],
      ['acme-cli', '2.3.1'],
    ]);
    expect(new Set(reports.map(({ report_id }) => report_id)).size).toBe(2);
    expect(filesBelow(join(home, 'off')).filter((file) => file.includes('headcount'))).toEqual([]);
  } finally {
    await recorder.close();
  }
}

const filesBelow = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];

it('the table in docs/runtimes.md is what was run', async () => {
  const rows = ROWS.filter((row) => passed.has(title(row))).map(
    ({ name, version, sends }) => `| ${name} | ${version} | ${sends} |`,
  );
  expect(rows).toHaveLength(ROWS.length);
  const head = ['| Runs | Release | A short program’s report leaves by |', '| --- | --- | --- |'];
  const page = readFileSync(PAGE, 'utf8');
  const [before = '', rest = ''] = page.split(BEGIN);
  const [, after = ''] = rest.split(END);
  const table = [BEGIN, '', ...head, ...rows, '', END].join('\n');
  const options = await resolveConfig(PAGE);
  const written = await format(`${before}${table}${after}`, { ...options, filepath: PAGE });
  if (page === written) return;
  writeFileSync(PAGE, written);
  throw new Error('docs/runtimes.md was stale, and is written anew: commit it');
});
