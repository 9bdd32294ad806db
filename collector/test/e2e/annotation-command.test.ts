import { expect, it } from 'vitest';
import { fullReport } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const ENV = { HEADCOUNT_ADMIN_TOKEN: 'the-administrator-of-tests' };

async function run(args: readonly string[]) {
  const command = await startProcess(['annotation', ...args], ENV);
  const code = await command.ended;
  return { code, stdout: command.stdout(), stderr: command.stderr() };
}

it('notes, lists and removes, and says what is wrong with its arguments', async () => {
  const collector = await startProcess(
    ['--port', '0', '--log-level', 'error', '--data', temporaryFolder()],
    ENV,
  );
  const url = await collector.url();
  await fetch(`${url}/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fullReport()),
  });
  const project = ['--url', url, '--project', 'acme-cli'];
  expect((await run(['list', ...project])).stdout).toBe('Nothing is noted.\n');

  const span = ['--date', '2026-11-01', '--to', '2026-11-03', '--kind', 'incident'];
  const made = await run(['add', ...project, ...span, 'Reports were refused']);
  expect(made).toMatchObject({ code: 0, stderr: '' });
  const [, id = ''] =
    /^Noted ([0-9a-f]{10}), about 2026-11-01 to 2026-11-03\.\n$/.exec(made.stdout) ?? [];
  expect((await run(['list', ...project])).stdout).toMatch(
    new RegExp(`^${id}  2026-11-01 to 2026-11-03 +incident  hidden  Reports were refused\\n$`),
  );
  const listed = JSON.parse((await run(['list', ...project, '--json'])).stdout) as object;
  expect(listed).toMatchObject({ annotations: [{ id, kind: 'incident', public: false }] });

  expect((await run(['remove', ...project, id])).stdout).toBe(`Annotation ${id} is removed.\n`);
  expect(await run(['remove', ...project, id])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no such annotation') as string,
  });

  for (const [args, text] of [
    [['add', ...project, '--date', '2026-11-01', 'two', 'texts'], 'quotation marks'],
    [['add', ...project, 'no day'], 'needs --date'],
    [['add', '--url', url, '--date', '2026-11-01', 'no project'], 'needs --project'],
    [['add', ...project, '--date', '2026-02-30', 'no such day'], 'There is no such day'],
    [['change', ...project], 'Expected: annotation add'],
  ] as const) {
    expect(await run(args)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(text) as string,
    });
  }
});
