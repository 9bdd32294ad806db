import { expect, it } from 'vitest';
import { TRACK_ONCE } from '../support/arrival.js';
import { startRecorder } from '../support/http-recorder.js';
import { createWindowsApp } from '../support/windows.js';

const NAMES = ['DO_NOT_TRACK', 'HEADCOUNT_DISABLED', 'ACME_CLI_TELEMETRY_DISABLED'];

it.each(NAMES)('%s turns it off in all cases of its letters, also in a thread', async (name) => {
  const recorder = await startRecorder();
  const app = createWindowsApp({
    'cli.mjs': TRACK_ONCE,
    'main.mjs': `import { Worker } from 'node:worker_threads';
      new Worker(new URL('cli.mjs', import.meta.url));`,
  });
  const mixed = name.replaceAll(/[A-Z]+/g, (word) => word[0] + word.slice(1).toLowerCase());
  const runs = [name, name.toLowerCase(), mixed].flatMap((variable) =>
    ['cli.mjs', 'main.mjs'].map((script) => ({
      script,
      env: { HEADCOUNT_ENDPOINT: recorder.address, [variable]: '1' },
    })),
  );
  const ended = await app.runTogether(runs);
  expect(ended).toEqual(runs.map(() => ({ code: 0, stdout: 'done\n', stderr: '' })));
  expect(app.files()).toEqual([]);
  expect(recorder.requests).toEqual([]);
});
