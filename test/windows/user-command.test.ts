import { expect, it } from 'vitest';
import { TRACK_ONCE } from '../support/arrival.js';
import { eventually } from '../support/eventually.js';
import { startRecorder } from '../support/http-recorder.js';
import { createWindowsApp } from '../support/windows.js';

it('the user’s command says what is, shows what was sent, and turns it off and on', async () => {
  const recorder = await startRecorder();
  const app = createWindowsApp({ 'cli.mjs': TRACK_ONCE });
  const env = { HEADCOUNT_ENDPOINT: recorder.address };
  await app.run('cli.mjs', { env });
  await eventually(
    () => app.files().some((file) => file.endsWith('/last-request.json')),
    'the report and what is kept of it',
  );
  const headcount = (...words: string[]) =>
    app.run('node_modules/headcount/dist/bin.js', {
      args: [...words, '--project', 'acme-cli'],
      env,
    });
  const json = async (...words: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await headcount(...words, '--json');
    expect({ words, code, stderr }).toEqual({ words, code: 0, stderr: '' });
    return JSON.parse(stdout);
  };
  expect(await json('status')).toMatchObject({ mode: 'on' });
  const shown = await headcount('show');
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(shown.stdout).toContain(recorder.reports()[0]?.anonymous_id);
  expect(await json('doctor')).toMatchObject({ verdict: { willBeSent: true } });

  expect(await headcount('off')).toMatchObject({ code: 0, stderr: '' });
  expect(await json('status')).toMatchObject({ mode: 'off' });
  expect(await headcount('doctor')).toMatchObject({ code: 1, stderr: '' });
  expect(await headcount('on')).toMatchObject({ code: 0, stderr: '' });
  expect(await json('status')).toMatchObject({ mode: 'on' });
});
