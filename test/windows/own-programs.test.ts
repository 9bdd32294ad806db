import { copyFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { TRACK_ONCE } from '../support/arrival.js';
import { eventually } from '../support/eventually.js';
import { startRecorder } from '../support/http-recorder.js';
import { createWindowsApp, type WindowsApp } from '../support/windows.js';
import { nodeForWindows } from '../support/windows-tools.js';

const FLUSH = `
  import { createHeadcount } from 'headcount';
  const headcount = createHeadcount();
  headcount.track();
  await headcount.flush({ timeoutMs: 15_000 });
  await headcount.close();`;

/**
 * Puts programs into a folder under the names of the system's. Each is a Node.js, which takes its
 * first argument for a script: `/d` of cmd.exe, `QUERY` of reg.exe.
 */
function plant(app: WindowsApp, folder: string): () => boolean {
  const mark = join(folder, 'ran.txt');
  const script = `require('node:fs').writeFileSync(${JSON.stringify('ran.txt')}, '')`;
  for (const name of ['cmd.exe', 'reg.exe', 'REG.exe']) {
    copyFileSync(nodeForWindows('20'), join(folder, name));
  }
  writeFileSync(join(folder, 'QUERY.js'), script);
  const root = join(app.home, '../..');
  const ofRoot = [join(root, 'd.js'), join(root, 'ran.txt')] as const;
  const clean = (): void => ofRoot.forEach((file) => rmSync(file, { force: true }));
  clean();
  onTestFinished(clean);
  writeFileSync(ofRoot[0], `require('node:fs').writeFileSync('C:\\\\ran.txt', '')`);
  return () => existsSync(mark) || existsSync(ofRoot[1]);
}

it.each(['server.mjs', 'cli.mjs'])(
  'no program of the working folder or of TEMP runs: %s',
  async (script) => {
    const recorder = await startRecorder();
    const app = createWindowsApp({ 'server.mjs': FLUSH, 'cli.mjs': TRACK_ONCE });
    const hasRun = [plant(app, app.folder), plant(app, join(app.home, 'Temp'))];
    // Windows spells it so, but a thread's copy of the environment has the spelling of the caller.
    const env = { HEADCOUNT_ENDPOINT: recorder.address, ComSpec: null, comspec: null };
    const run = await app.run(script, { env });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    await eventually(() => recorder.reports().length === 1, 'the report');
    expect(recorder.reports()[0]?.info.id_source).toBe('machine');
    expect(hasRun.map((ran) => ran())).toEqual([false, false]);
  },
);

it('the ID is the machine’s where PATH does not lead to Windows', async () => {
  const recorder = await startRecorder();
  const app = createWindowsApp({ 'server.mjs': FLUSH });
  const env = { HEADCOUNT_ENDPOINT: recorder.address, PATH: 'C:\\nowhere' };
  await app.run('server.mjs', { env });
  expect(recorder.reports()[0]?.info.id_source).toBe('machine');
});
