import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../collector/test/support/free-port.js';
import { tool } from '../matrix/tools.js';
import { type RunningCollector, startCollector } from '../support/collector.js';
import { eventually } from '../support/eventually.js';
import { Page } from './page-files.js';
import { Kitchen } from './recipe-folder.js';

const RECIPES = fileURLToPath(new URL('../../docs/recipes/', import.meta.url));
const DONE = { code: 0, output: 'Hello!\n' };

let kitchen: Kitchen;
beforeAll(() => {
  kitchen = new Kitchen();
});
afterAll(() => kitchen.close());

/** Waits until as many reports of a project are counted, and tells how many people they are of. */
async function counted(collector: RunningCollector, project: string, reports: number) {
  const stats = await eventually(async () => {
    const found = await collector.stats(project);
    return found.total_reports >= reports && found;
  }, `${reports} reports of ${project}`);
  expect(stats.total_reports).toBe(reports);
  return stats.total_users;
}

it('the first ten minutes lead to a number, an event and a no that is heard', async () => {
  const page = new Page('first-ten-minutes.md');
  const app = kitchen.layOut('acme-cli', page.files());
  expect(await app.run(['npm', 'init', '-y'])).toMatchObject({ code: 0 });
  // The program finds the collector by its file in the home folder.
  const collector = await startCollector({ home: app.home });
  expect(await app.run(['sh', '-ec', page.commands('node index.js\n')])).toEqual(DONE);
  expect(await counted(collector, 'acme-cli', 1)).toBe(1);
  expect(await app.run(['node', 'index.mjs'])).toEqual(DONE);
  expect(await counted(collector, 'acme-cli', 2)).toBe(1);
  for (const [file, reports] of [['build.js', 4] as const, ['build.mjs', 6] as const]) {
    expect(await app.run(['node', file])).toEqual({ code: 0, output: '' });
    expect(await counted(collector, 'acme-cli', reports)).toBe(1);
  }

  const off = await app.run(['sh', '-ec', page.commands('DO_NOT_TRACK')]);
  expect(off).toMatchObject({ code: 0 });
  expect(await app.run(['node', 'index.js'])).toEqual(DONE);
  expect(await app.run(['npx', 'headcount', 'on', '--project', 'acme-cli'])).toMatchObject({
    code: 0,
  });
  expect(await app.run(['node', 'index.js'])).toEqual(DONE);
  expect(await counted(collector, 'acme-cli', 7)).toBe(1);
});

describe('the recipe', () => {
  it('cli.md tells first, reports one event, and stops by its own command', async () => {
    const collector = await startCollector();
    const app = kitchen.layOut('cli', new Page('recipes/cli.md', collector.address).files());
    const first = await app.run(['node', 'acme.cjs']);
    expect(first).toMatchObject({ code: 0 });
    expect(first.output).toMatch(/acme telemetry off[^]*Hello!\n$/);
    expect(await counted(collector, 'acme-cli', 2)).toBe(1);
    expect(await app.run(['node', 'acme.mjs'])).toEqual(DONE);
    expect(await counted(collector, 'acme-cli', 4)).toBe(1);

    for (const [file, word] of [['acme.mjs', 'off'] as const, ['acme.cjs', 'on'] as const]) {
      expect(await app.run(['node', file, 'telemetry', word])).toMatchObject({ code: 0 });
      expect(await app.run(['node', file])).toMatchObject({ code: 0 });
    }
    expect(await counted(collector, 'acme-cli', 6)).toBe(1);
  });

  it('server.md sends while it runs, and the rest when it is told to end', async () => {
    const collector = await startCollector();
    const app = kitchen.layOut('server', new Page('recipes/server.md', collector.address).files());
    for (const [file, reports] of [['server.cjs', 2] as const, ['server.mjs', 4] as const]) {
      const port = await freePort();
      const server = app.start(['node', file], { PORT: String(port) });
      await eventually(() => server.output() === 'ready\n', `${file} to be ready`);
      expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('Hello!\n');
      server.child.kill('SIGTERM');
      expect(await server.ended).toEqual({ code: 0, output: 'ready\n' });
      expect(await counted(collector, 'acme-server', reports)).toBe(1);
    }
  });

  it('desktop.md reports before it quits, with a stand-in for Electron', async () => {
    const collector = await startCollector();
    const page = new Page('recipes/desktop.md', collector.address);
    const files = page.files();
    const [, imports = ''] = /```js\n(import [^]*?)```/.exec(page.text) ?? [];
    const main = files['main.cjs'] ?? '';
    const app = kitchen.layOut('desktop', {
      ...files,
      'main.mjs': imports + main.replace(/^.*require\(.*\n/gm, ''),
      'electron/index.js': ELECTRON,
    });
    cpSync(join(app.folder, 'electron'), join(app.folder, 'node_modules', 'electron'), {
      recursive: true,
    });
    for (const [file, reports] of [['main.cjs', 2] as const, ['main.mjs', 4] as const]) {
      expect(await app.run(['node', file])).toEqual({ code: 0, output: '' });
      expect(await counted(collector, 'acme-desktop', reports)).toBe(1);
    }
  });

  it('github-action.md reports as CI from its bundle alone', async () => {
    const collector = await startCollector();
    const page = new Page('recipes/github-action.md', collector.address);
    const files = page.files();
    const action = kitchen.layOut('github-action', files);
    const builds = [/ncc build index\.cjs -o dist/, /ncc build index\.mjs -o dist/];
    const mains = ['dist/index.cjs', 'dist/index.mjs'];
    for (const [at, main] of mains.entries()) {
      expect(page.text).toMatch(builds[at] ?? /never/);
      expect(page.text).toContain(`main: ${main}`);
      const ncc = ['node', tool('@vercel/ncc/dist/ncc/cli.js'), 'build'];
      const source = main.replace('dist/', '');
      expect(await action.run([...ncc, source, '-q', '-o', 'dist'])).toMatchObject({ code: 0 });
      const checkout = join(kitchen.root, `checkout-${at}`);
      cpSync(join(action.folder, 'dist'), join(checkout, 'dist'), { recursive: true });
      writeFileSync(join(checkout, 'package.json'), files['package.json'] ?? '');
      const env = { CI: 'true', GITHUB_ACTIONS: 'true' };
      expect(await action.run(['node', main], env, checkout)).toEqual(DONE);
      expect(await counted(collector, 'acme-action', at + 1)).toBe(0);
    }
  });

  it('docker.md counts one person in two containers with one volume', async () => {
    const collector = await startCollector();
    const files = new Page('recipes/docker.md', collector.address).files();
    const dockerfile = files['Dockerfile'] ?? '';
    const volume = join(kitchen.root, 'state');
    const folders = [...dockerfile.matchAll(/(XDG_\w+)=\/state\/(\w+)/g)].map(
      ([, name = '', path = '']) => [name, join(volume, path)] as const,
    );
    expect(folders).toHaveLength(2);
    for (const [, path] of folders) {
      expect(dockerfile).toMatch(new RegExp(`install -d .*-m 700 .*${path.slice(-6)}`));
      mkdirSync(path, { recursive: true, mode: 0o700 });
    }
    // The cast: what the Dockerfile has is a list of words.
    const command = JSON.parse(/^CMD (.+)$/m.exec(dockerfile)?.[1] ?? '[]') as string[];
    for (const [at, main] of ['job.cjs', 'job.mjs'].entries()) {
      const container = kitchen.layOut(`container-${at}`, files);
      const words = command.map((word) => (word === 'job.cjs' ? main : word));
      expect(words).toContain(main);
      expect(await container.run(words, Object.fromEntries(folders))).toEqual(DONE);
      expect(await counted(collector, 'acme-server', at + 1)).toBe(1);
      expect(readdirSync(container.home)).toEqual([]);
    }
  });

  it('serverless.md counts calls, and no person', async () => {
    const collector = await startCollector();
    const page = new Page('recipes/serverless.md', collector.address);
    const app = kitchen.layOut('serverless', page.files());
    for (const [at, file] of ['handler.mjs', 'handler.cjs'].entries()) {
      const call = `import('./${file}').then(async ({ handler }) => console.log((await handler()).body))`;
      expect(await app.run(['node', '-e', call])).toEqual(DONE);
      expect(await counted(collector, 'acme-function', at + 1)).toBe(0);
      expect(await app.run(['node', '-e', call], { DO_NOT_TRACK: '1' })).toEqual(DONE);
    }
    expect(readdirSync(app.home)).toEqual([]);
  });

  it('vscode.md reports its start and a command, with a stand-in for VS Code', async () => {
    const collector = await startCollector();
    const { text } = new Page('recipes/vscode.md', collector.address);
    const [, extension = ''] = /```js\n([^]*?)```/.exec(text) ?? [];
    const editor = kitchen.layOut('vscode', { 'extension.cjs': extension, 'editor.cjs': EDITOR });
    mkdirSync(join(editor.folder, 'node_modules', 'vscode'));
    writeFileSync(join(editor.folder, 'node_modules', 'vscode', 'index.js'), VSCODE);
    expect(await editor.run(['node', 'editor.cjs'])).toEqual({ code: 0, output: '' });
    expect(await counted(collector, 'acme-extension', 2)).toBe(1);
  });

  it('monorepo.md reports each program under its own name', async () => {
    const collector = await startCollector();
    const page = new Page('recipes/monorepo.md', collector.address);
    // As npm links the packages of a workspace.
    const app = kitchen.layOut('monorepo', page.files(), {
      '@acme/telemetry': '../../packages/telemetry',
    });
    const silent = { code: 0, output: '' };
    expect(await app.run(['node', 'packages/acme-build/build.cjs'])).toEqual(silent);
    expect(await counted(collector, 'acme-build', 2)).toBe(1);
    expect(await app.run(['node', 'packages/acme-serve/serve.mjs'])).toEqual(silent);
    expect(await counted(collector, 'acme-serve', 1)).toBe(1);
  });

  it.each(readdirSync(RECIPES))('%s shows both ways to load', (file) => {
    const { text } = new Page(`recipes/${file}`);
    expect(text).toMatch(/from 'headcount(?:\/\w+)?'/);
    expect(text).toMatch(/(?:require|import)\('headcount(?:\/\w+)?'\)/);
  });
});

/** What the recipe uses of Electron: one window that says what happened, and quits. */
const ELECTRON = `
const { EventEmitter } = require('node:events');
const app = new EventEmitter();
app.getVersion = () => '3.0.2';
app.whenReady = async () => {};
app.quit = () => {
  let goesOn = true;
  app.emit('will-quit', { preventDefault: () => (goesOn = false) });
  if (goesOn) process.exit(0);
};
const ipcMain = new EventEmitter();
class BrowserWindow {
  loadFile() {
    setTimeout(() => {
      ipcMain.emit('opened', {}, 'text');
      app.quit();
    });
  }
}
module.exports = { app, BrowserWindow, ipcMain };
`;

/** What the recipe uses of VS Code. */
const VSCODE = `
const commands = new Map();
exports.commands = {
  registerCommand(name, run) {
    commands.set(name, run);
    return { dispose() {} };
  },
  executeCommand: (name) => commands.get(name)(),
};
exports.env = {
  isTelemetryEnabled: true,
  onDidChangeTelemetryEnabled: () => ({ dispose() {} }),
};
`;

/** Loads the extension, and has its user run a command. */
const EDITOR = `
const vscode = require('vscode');
const { activate } = require('./extension.cjs');
const kept = new Map();
activate({
  extension: { packageJSON: { name: 'acme-extension', version: '1.0.0' } },
  extensionMode: 1,
  globalState: {
    get: (key) => kept.get(key),
    update: async (key, value) => void kept.set(key, value),
    keys: () => [...kept.keys()],
  },
  subscriptions: [],
});
vscode.commands.executeCommand('acme.lint');
`;
