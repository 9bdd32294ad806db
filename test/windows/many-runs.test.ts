import { expect, it } from 'vitest';
import { TRACK_ONCE } from '../support/arrival.js';
import { eventually } from '../support/eventually.js';
import { startRecorder } from '../support/http-recorder.js';
import { createWindowsApp } from '../support/windows.js';

const FLUSH = `
  import { createHeadcount } from 'headcount';
  const headcount = createHeadcount();
  headcount.track();
  const { sent } = await headcount.flush({ timeoutMs: 30_000 });
  console.log(sent === 1 ? 'done' : 'not sent');
  await headcount.close();`;

const DONE = { code: 0, stdout: 'done\n', stderr: '' };
const TOGETHER = 5;

it.each([
  ['a thread', 'server.mjs'],
  ['the process that a program leaves behind', 'cli.mjs'],
])('%s delivers the first report of 25 people', async (_who, script) => {
  const recorder = await startRecorder();
  const app = createWindowsApp({ 'server.mjs': FLUSH, 'cli.mjs': TRACK_ONCE });
  for (let people = 0; people < 25; people += TOGETHER) {
    const runs = Array.from({ length: TOGETHER }, (_, at) => ({
      script,
      env: { ...app.addUser(`user-${people + at}`).env, HEADCOUNT_ENDPOINT: recorder.address },
    }));
    expect(await app.runTogether(runs)).toEqual(runs.map(() => DONE));
    await eventually(
      () => recorder.reports().length >= people + TOGETHER,
      `${people + TOGETHER} reports; ${recorder.reports().length} have come`,
    );
  }
  const ids = recorder.reports().map(({ report_id }) => report_id);
  expect(ids).toHaveLength(25);
  expect(new Set(ids).size).toBe(25);
});

it('20 programs of one person at once have one ID, and each is reported once', async () => {
  const recorder = await startRecorder();
  const app = createWindowsApp({ 'cli.mjs': TRACK_ONCE });
  const env = { HEADCOUNT_ENDPOINT: recorder.address };
  const runs = Array.from({ length: 20 }, () => ({ script: 'cli.mjs', env }));
  expect(await app.runTogether(runs)).toEqual(runs.map(() => DONE));
  let tracked = 20;
  const haveCome = (): boolean => recorder.reports().length >= tracked;
  while (!haveCome()) {
    // One that came while another sent is sent by the next.
    expect(await app.run('cli.mjs', { env })).toEqual(DONE);
    tracked += 1;
    await eventually(haveCome, `${tracked} reports`, 5_000).catch((error: unknown) => {
      if (tracked > 23) throw error;
    });
  }
  const reports = recorder.reports();
  expect(new Set(reports.map(({ report_id }) => report_id)).size).toBe(tracked);
  expect(reports).toHaveLength(tracked);
  expect(new Set(reports.map(({ anonymous_id }) => anonymous_id)).size).toBe(1);
});
