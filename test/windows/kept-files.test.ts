import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TRACK_ONCE } from '../support/arrival.js';
import { eventually } from '../support/eventually.js';
import { type HttpRecorder, startRecorder } from '../support/http-recorder.js';
import { createWindowsApp, type WindowsApp, windowsPath } from '../support/windows.js';

const DONE = { code: 0, stdout: 'done\n', stderr: '' };

/** Opens a file without sharing it (UV_FS_O_EXLOCK of libuv), and keeps it so for four seconds. */
const HOLD = `const fs = require('node:fs');
  const fd = fs.openSync(process.argv[2], 0x10000000);
  console.log('done');
  setTimeout(() => fs.closeSync(fd), 4_000);`;

/** An app whose user has reported once and made a choice. */
async function createUsedApp(recorder: HttpRecorder): Promise<WindowsApp> {
  const app = createWindowsApp({ 'cli.mjs': TRACK_ONCE, 'hold.cjs': HOLD });
  const env = { HEADCOUNT_ENDPOINT: recorder.address };
  await app.run('cli.mjs', { env });
  await eventually(
    () => app.files().some((file) => /lease\.\d+$/.test(file) && app.read(file) === 'released'),
    'the first report, and the end of its sender',
  );
  const args = ['on', '--project', 'acme-cli'];
  expect(await app.run('node_modules/headcount/dist/bin.js', { args, env })).toMatchObject({
    code: 0,
  });
  return app;
}

const distinct = (recorder: HttpRecorder, key: 'report_id' | 'anonymous_id'): number =>
  new Set(recorder.reports().map((report) => report[key])).size;

it('each of our files may be held while a sender works: nothing is lost, doubled or told', async () => {
  const recorder = await startRecorder();
  const app = await createUsedApp(recorder);
  // A choice that cannot be read is a no: held-files.test.ts tests it.
  const files = app.files().filter((file) => /\/headcount\/(?!.*\/choice$)/.test(file));
  expect(files.length).toBeGreaterThan(5);
  const env = { HEADCOUNT_ENDPOINT: recorder.address };
  const users = files.map((file, at) => {
    const user = app.addUser(`user-${at}`, app.home);
    return { env: { ...user.env, ...env }, held: windowsPath(join(user.home, file)) };
  });
  const run = ({ env: own }: { env: Record<string, string> }) => ({ script: 'cli.mjs', env: own });
  const runs = users.flatMap((user) => [
    { script: 'hold.cjs', args: [user.held], env: user.env },
    run(user),
  ]);
  expect(await app.runTogether(runs)).toEqual(runs.map(() => DONE));
  expect(await app.runTogether(users.map(run))).toEqual(users.map(() => DONE));
  const tracked = 1 + 2 * users.length;
  await eventually(
    () => distinct(recorder, 'report_id') >= tracked,
    `${tracked} reports; ${distinct(recorder, 'report_id')} have come`,
    40_000,
  );
  expect(recorder.reports()).toHaveLength(tracked);
  expect(distinct(recorder, 'anonymous_id')).toBe(1);
}, 120_000);

it('files that were made read-only lose nothing, and are no word on the terminal', async () => {
  const recorder = await startRecorder();
  const app = await createUsedApp(recorder);
  const files = app.files().filter((file) => file.includes('/headcount/'));
  for (const file of files) chmodSync(join(app.home, file), 0o444);
  const env = { HEADCOUNT_ENDPOINT: recorder.address };
  expect(await app.run('cli.mjs', { env })).toEqual(DONE);
  for (const file of files) {
    if (app.files().includes(file)) chmodSync(join(app.home, file), 0o644);
  }
  expect(await app.run('cli.mjs', { env })).toEqual(DONE);
  await eventually(() => distinct(recorder, 'report_id') >= 3, 'all three reports', 40_000);
  expect(recorder.reports()).toHaveLength(3);
  expect(distinct(recorder, 'anonymous_id')).toBe(1);
});
