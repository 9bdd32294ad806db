import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startRecorder } from '../support/http-recorder.js';
import { createWindowsApp, envOf, windowsPath } from '../support/windows.js';

const CLI = `import { createHeadcount } from 'headcount';
  createHeadcount({ project: process.env.PROJECT ?? 'acme-cli' }).track();
  console.log('done');`;
const DONE = { code: 0, stdout: 'done\n', stderr: '' };

/** A path of so many characters. */
const ofLength = (length: number, folder: string): string => {
  let path = folder;
  while (path.length < length) {
    path += `\\${'x'.repeat(Math.min(50, Math.max(1, length - path.length - 1)))}`;
  }
  return path;
};

it('homes and apps may be anywhere', async () => {
  const recorder = await startRecorder();
  const app = createWindowsApp({ 'cli.mjs': CLI });
  const root = windowsPath(join(app.home, '..'));
  const onZ = `Z:${join(app.home, '../on-z').replaceAll('/', '\\')}`;
  const homes = [
    `${root}\\Ada Lovelace`,
    `${root}\\阿达`,
    `${root}\\ada 🙂`,
    `${root}\\it's 100% & (more) ^!`,
    onZ,
    `${root.toLowerCase()}\\lower`,
    `\\\\?\\${root}\\prefixed`,
    ofLength(202, root),
    ofLength(292, root),
  ];
  // The app too is in such a folder, and finds the package above it.
  const apps = ['Ada Lovelace', '阿达 🙂', 'it’s 100% & (more)'];
  for (const name of apps) cpSync(join(app.folder, 'cli.mjs'), join(app.folder, name, 'cli.mjs'));
  const runs = homes.map((home, at) => ({
    script: join(apps[at % apps.length] ?? '', 'cli.mjs'),
    env: { ...envOf(home), HEADCOUNT_ENDPOINT: recorder.address, PROJECT: `home-${at}` },
  }));
  expect(await app.runTogether(runs)).toEqual(runs.map(() => DONE));
  const projects = (): string[] => recorder.reports().map(({ project }) => String(project));
  await eventually(
    () => projects().length >= homes.length,
    `a report from each home; these have come: ${projects().sort().join()}`,
    40_000,
  );
  expect(projects().sort()).toEqual(homes.map((_, at) => `home-${at}`));
  // Each has kept its ID: nobody is counted anew at the next run.
  expect(recorder.reports().map(({ info }) => info.id_persisted)).toEqual(homes.map(() => true));
}, 90_000);

it('a project may be called like a device', async () => {
  const recorder = await startRecorder();
  const app = createWindowsApp({ 'cli.mjs': CLI });
  const names = ['con', 'nul', 'prn', 'aux', 'com1', 'lpt9', 'con.js', 'Nul'];
  const runs = names.map((PROJECT) => ({
    script: 'cli.mjs',
    env: { HEADCOUNT_ENDPOINT: recorder.address, PROJECT },
  }));
  expect(await app.runTogether(runs)).toEqual(runs.map(() => DONE));
  const projects = (): string[] => recorder.reports().map(({ project }) => String(project));
  await eventually(() => projects().length >= names.length, 'a report of each project', 40_000);
  expect(projects().sort()).toEqual([...names].sort());
  // Real Windows cannot make folders of these names, whatever their ending; Wine can.
  const device = /^(con|nul|prn|aux|com\d|lpt\d)(\.|$)/i;
  const parts = app.files().flatMap((file) => file.split('/'));
  expect(parts.filter((part) => device.test(part))).toEqual([]);
}, 90_000);
