import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startRecorder } from '../support/http-recorder.js';
import { createWindowsApp } from '../support/windows.js';

const CLI = `import { createHeadcount } from 'headcount';
  createHeadcount({ packageJson: import.meta.url }).track();
  console.log('done');`;

it.each([
  ['esm', 'mjs'],
  ['cjs', 'cjs'],
] as const)('a bundle reports from a folder without packages: %s', async (format, ending) => {
  const recorder = await startRecorder();
  const app = createWindowsApp({ 'cli.mjs': CLI });
  const bundle = `cli.bundle.${ending}`;
  await build({
    entryPoints: [join(app.folder, 'cli.mjs')],
    outfile: join(app.folder, bundle),
    ...{ bundle: true, platform: 'node', format, logLevel: 'error' },
    ...(format === 'cjs' && { define: { 'import.meta.url': '__filename' } }),
  });
  rmSync(join(app.folder, 'node_modules'), { recursive: true });
  const env = { HEADCOUNT_ENDPOINT: recorder.address };
  const runs = [
    { script: bundle, env: { ...env, do_not_track: '1' } },
    { script: bundle, env },
  ];
  const ended = await app.runTogether(runs);
  expect(ended).toEqual(runs.map(() => ({ code: 0, stdout: 'done\n', stderr: '' })));
  await eventually(() => recorder.reports().length === 1, 'the report');
  expect(recorder.reports()[0]).toMatchObject({ project: 'acme-cli', info: { version: '2.3.1' } });
});
