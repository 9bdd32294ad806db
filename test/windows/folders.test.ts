import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TRACK_ONCE } from '../support/arrival.js';
import { eventually } from '../support/eventually.js';
import { startRecorder } from '../support/http-recorder.js';
import { createWindowsApp } from '../support/windows.js';

const CLI = { 'cli.mjs': TRACK_ONCE };
const BIN = 'node_modules/headcount/dist/bin.js';

it('what is the machine’s is in Local; Roaming has nothing but the choice', async () => {
  const recorder = await startRecorder();
  const app = createWindowsApp(CLI);
  const env = { HEADCOUNT_ENDPOINT: recorder.address };
  await app.run('cli.mjs', { env });
  await eventually(() => recorder.reports().length === 1, 'the report');
  await app.run(BIN, { args: ['on', '--project', 'acme-cli'], env });
  const files = app.files();
  expect(files.filter((file) => file.startsWith('AppData/Roaming/'))).toEqual([
    'AppData/Roaming/headcount/Config/acme-cli/choice',
  ]);
  expect(files).toContainEqual(
    expect.stringMatching(/^AppData\/Local\/headcount\/Config\/acme-cli\/anonymous-id/),
  );
});

it('after an opt-out nothing is written and nothing is sent', async () => {
  const recorder = await startRecorder();
  const app = createWindowsApp(CLI);
  const env = { HEADCOUNT_ENDPOINT: recorder.address };
  await app.run('cli.mjs', { env });
  await eventually(
    () => app.files().some((file) => /lease\.\d+$/.test(file) && app.read(file) === 'released'),
    'the report before it, and the end of its sender',
  );
  const off = await app.run(BIN, { args: ['off', '--project', 'acme-cli'], env });
  expect(off).toMatchObject({ code: 0, stderr: '' });
  const before = app.files();
  for (const more of [{}, { DO_NOT_TRACK: '1' }, { do_not_track: '1' }]) {
    expect(await app.run('cli.mjs', { env: { ...env, ...more } })).toMatchObject({ code: 0 });
  }
  expect(app.files()).toEqual(before);
  expect(recorder.requests.length).toBe(1);
});

it('a thread of the app finds an opt-out whatever the case of the variable', async () => {
  const recorder = await startRecorder();
  const app = createWindowsApp({
    ...CLI,
    'main.mjs': `import { Worker } from 'node:worker_threads';
      new Worker(new URL('cli.mjs', import.meta.url));`,
  });
  const env = { HEADCOUNT_ENDPOINT: recorder.address };
  expect(await app.run('main.mjs', { env: { ...env, do_not_track: '1' } })).toMatchObject({
    code: 0,
    stdout: 'done\n',
    stderr: '',
  });
  expect(app.files()).toEqual([]);
  await app.run('main.mjs', { env });
  await eventually(() => recorder.reports().length === 1, 'the report without it');
});

it('folders without a drive are on the system drive, whatever the working folder’s is', async () => {
  const recorder = await startRecorder();
  const app = createWindowsApp(CLI);
  const user = `\\${app.home.split('/').slice(-2).join('\\')}`;
  const env = {
    HEADCOUNT_ENDPOINT: recorder.address,
    APPDATA: `${user}\\r`,
    LOCALAPPDATA: `${user}\\l`,
  };
  for (const cwd of ['Z:\\tmp', 'C:\\']) {
    expect(await app.run('cli.mjs', { env, cwd })).toMatchObject({ code: 0, stderr: '' });
  }
  await eventually(() => recorder.reports().length === 2, 'both reports');
  expect(new Set(recorder.reports().map(({ anonymous_id }) => anonymous_id)).size).toBe(1);
  expect(app.files()).toContainEqual(
    expect.stringMatching(/^l\/headcount\/Config\/acme-cli\/anonymous-id/),
  );
});

it('a home of more than 260 characters is used', async () => {
  const recorder = await startRecorder();
  const app = createWindowsApp(CLI);
  const deep = Array.from({ length: 6 }, () => 'x'.repeat(50)).join('\\');
  const home = `C:\\${app.home.split('/').slice(-2).join('\\')}\\${deep}`;
  const env = {
    HEADCOUNT_ENDPOINT: recorder.address,
    USERPROFILE: home,
    APPDATA: null,
    LOCALAPPDATA: null,
  };
  expect(await app.run('cli.mjs', { env })).toMatchObject({ code: 0, stderr: '' });
  await eventually(() => recorder.reports().length === 1, 'the report');
  expect(recorder.reports()[0]?.info.id_persisted).toBe(true);
  const folder = join(app.home, deep.replaceAll('\\', '/'), 'AppData/Local/headcount');
  expect(readdirSync(folder).sort()).toEqual(['Config', 'Data']);
});
