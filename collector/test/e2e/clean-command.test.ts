import { expect, it } from 'vitest';
import { fullReport } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const TOKEN = 'the-administrator-of-tests';
const ENV = { HEADCOUNT_ADMIN_TOKEN: TOKEN };

interface Run {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(args: readonly string[], env: Record<string, string> = ENV): Promise<Run> {
  const command = await startProcess(['clean', ...args], env);
  const code = await command.ended;
  return { code, stdout: command.stdout(), stderr: command.stderr() };
}

it('tells, takes out, lists and gives back, and says what is wrong with its arguments', async () => {
  const collector = await startProcess(
    ['--port', '0', '--log-level', 'error', '--data', temporaryFolder()],
    ENV,
  );
  const url = await collector.url();
  const reports = ['9.9.9', '9.9.9', '1.0.0'].map((version, n) => {
    const report = fullReport({ anonymous_id: `user-${n}`, timestamp: new Date().toISOString() });
    return { ...report, info: { ...report.info, version } };
  });
  await fetch(`${url}/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reports }),
  });
  const people = async (): Promise<unknown> =>
    ((await (await fetch(`${url}/stats?project=acme-cli`)).json()) as { total_users: unknown })
      .total_users;
  const day = new Date().toISOString().slice(0, 10);
  const what = ['--url', url, '--project', 'acme-cli', '--day', day, '--new'];
  const where = [...what, '--where', 'version=9.9.9'];

  const dry = await run([...where, '--dry-run']);
  expect(dry).toMatchObject({ code: 0, stderr: '' });
  expect(dry.stdout).toMatch(/^Would take out 2 people, 0 of build farms, 2 reports, from /);
  expect(dry.stdout).toMatch(/version: 9\.9\.9 2\nNothing was changed\.\n$/);
  expect(await people()).toBe(3);

  const taken = await run(where);
  expect(taken.stdout).toMatch(/^Took out 2 people/);
  const [, id = ''] = /clean undo ([0-9a-f]{8})/.exec(taken.stdout) ?? [];
  expect(await people()).toBe(1);
  expect((await run(['list', '--url', url])).stdout).toContain(`${id}  `);
  const listed = JSON.parse((await run(['list', '--json', '--url', url])).stdout) as object;
  expect(listed).toMatchObject({ cleanings: [{ id, state: 'done', people: 2 }] });

  expect((await run(['undo', id, '--url', url])).stdout).toMatch(/^Gave back 2 people/);
  expect(await people()).toBe(3);
  expect(await run(['undo', id, '--url', url])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('It was undone before') as string,
  });

  const remove = ['--url', url, '--project', 'acme-cli', '--remove'];
  expect((await run([...remove, '--dry-run'])).stdout).toContain('Nothing was changed.');
  const removed = await run(remove);
  expect(removed.stdout).toMatch(/^Took out 3 people/);
  const [, removal = ''] = /clean undo ([0-9a-f]{8})/.exec(removed.stdout) ?? [];
  expect((await run(['undo', removal, '--url', url])).stdout).toMatch(/^Gave back 3 people/);
  expect(await people()).toBe(3);

  const wrong = async (...args: string[]): Promise<string> => {
    const { code, stderr } = await run(args);
    expect({ args, code }).toEqual({ args, code: 1 });
    expect(stderr).not.toMatch(/^\s+at /m);
    return stderr;
  };
  expect(await wrong('--day', day)).toContain('--project');
  expect(await wrong(...what, '--where', 'version')).toContain('version=9.9.9');
  expect(await wrong(...remove, '--day', day)).toContain('--remove is for whole projects');
  expect(await wrong('undo')).toContain('clean undo <id>');
  expect(await wrong('undo', 'zz', '--url', url)).toContain('The parameter id must match');
  expect(await wrong('list', '--data', '/proc/none')).toContain('no data folder at /proc/none');
  expect(await wrong(...what.slice(0, 4), '--new')).toContain('Name the days');
  expect(await wrong('--url', url, '--project', 'nobody', '--day', day)).toContain('no counts');
  const stranger = { HEADCOUNT_ADMIN_TOKEN: 'another-token-of-24-characters' };
  expect(await run(what, stranger)).toMatchObject({ code: 1, stdout: '' });
  expect(await people()).toBe(3);
}, 60_000);
