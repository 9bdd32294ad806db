import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { TRACK_ONCE } from '../support/arrival.js';
import { startRecorder } from '../support/http-recorder.js';
import { createWindowsApp, windowsWithReg } from '../support/windows.js';

const GUID = '5f1a8a3c-9d4e-4b5f-8a7b-6c5d4e3f2a1b';
const ANSWER = `console.log('    MachineGuid    REG_SZ    ${GUID}')`;
/** Wine gives each new process its own SystemRoot: the program takes another one. */
const FLUSH = `
  process.env.SystemRoot = process.env.WINDOWS_OF_TEST;
  const { createHeadcount } = await import('headcount');
  const headcount = createHeadcount();
  headcount.track();
  await headcount.flush({ timeoutMs: 15_000 });
  await headcount.close();`;

it('an ID that the registry tells after two seconds is the machine’s', async () => {
  const recorder = await startRecorder();
  const app = createWindowsApp({ 'server.mjs': FLUSH });
  const WINDOWS_OF_TEST = windowsWithReg(app, `setTimeout(() => ${ANSWER}, 2_000)`);
  await app.run('server.mjs', { env: { HEADCOUNT_ENDPOINT: recorder.address, WINDOWS_OF_TEST } });
  const [report] = recorder.reports();
  expect(report?.info.id_source).toBe('machine');
  // An address from the environment is part of the key (docs/identity.md).
  const key = `headcount:v1:acme-cli\n${recorder.address}`;
  const user = createHmac('sha256', key).update(`${GUID}:root`).digest('hex');
  expect(report?.anonymous_id).toBe(user.slice(0, 16));
});

it('reports wait for a registry that hangs, and are sent with the machine’s ID later', async () => {
  const recorder = await startRecorder();
  const app = createWindowsApp({ 'server.mjs': FLUSH, 'cli.mjs': TRACK_ONCE });
  const env = { HEADCOUNT_ENDPOINT: recorder.address };
  const WINDOWS_OF_TEST = windowsWithReg(app, `setTimeout(() => ${ANSWER}, 60_000)`);
  expect(await app.run('server.mjs', { env: { ...env, WINDOWS_OF_TEST } })).toMatchObject({
    code: 0,
    stderr: '',
  });
  expect(recorder.requests).toEqual([]);
  expect(app.files().some((file) => /\/anonymous-id[^/]*$/.test(file))).toBe(false);
  expect(await app.run('cli.mjs', { env })).toMatchObject({ code: 0, stderr: '' });
  await eventually(() => recorder.reports().length === 2, 'both reports');
  const sources = recorder.reports().map(({ info }) => info.id_source);
  expect(sources).toEqual(['machine', 'machine']);
});
