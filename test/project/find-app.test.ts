import { describe, expect, it } from 'vitest';
import { presentModule } from '../../src/platform/present-module.js';
import { findApp } from '../../src/project/find-app.js';
import { fakePlatform, type FakePlatformOptions } from '../support/fake-platform.js';

const app = JSON.stringify({
  name: 'acme-cli',
  version: '2.3.1',
  headcount: { endpoint: 'https://stats.acme.dev' },
});
const find = (options: FakePlatformOptions, module?: string) => {
  const platform = fakePlatform(options);
  return findApp(platform, module && presentModule(module, platform.files));
};

describe('findApp', () => {
  it('finds the nearest package.json above the main script', () => {
    const files = { '/app/package.json': app, '/app/dist/cli.js': '' };
    expect(find({ files, mainScript: '/app/dist/cli.js' })).toEqual({
      file: '/app/dist/cli.js',
      name: 'acme-cli',
      version: '2.3.1',
      endpoint: 'https://stats.acme.dev',
    });
  });

  it('follows the symbolic link of a bin to the app', () => {
    const files = {
      '/usr/lib/node_modules/acme-cli/package.json': app,
      '/usr/lib/node_modules/acme-cli/cli.js': '',
      '/usr/package.json': '{"name":"wrong"}',
    };
    const links = { '/usr/bin/acme': '/usr/lib/node_modules/acme-cli/cli.js' };
    expect(find({ files, links, mainScript: '/usr/bin/acme' })?.name).toBe('acme-cli');
  });

  it('passes by a package.json that only sets the module type', () => {
    const files = {
      '/app/package.json': app,
      '/app/dist/package.json': '{"type":"commonjs"}',
      '/app/dist/cli.js': '',
    };
    expect(find({ files, mainScript: '/app/dist/cli.js' })?.name).toBe('acme-cli');
  });

  it('finds it from a module of the app, whatever the main script is', () => {
    const files = {
      '/app/package.json': app,
      '/app/src/telemetry.js': '',
      '/app/src/telemetry.cjs': '',
      '/other/package.json': '{"name":"other"}',
      '/other/run.js': '',
    };
    const options = { files, mainScript: '/other/run.js' };
    expect(find(options, 'file:///app/src/telemetry.js')?.name).toBe('acme-cli');
    expect(find(options, '/app/src/telemetry.cjs')?.name).toBe('acme-cli');
    const onWindows = { 'C:\\app/package.json': app, 'C:\\app\\src\\x.js': '' };
    expect(find({ files: onWindows }, 'C:\\app\\src\\x.js')?.name).toBe('acme-cli');
  });

  it.each([
    ['is gone', 'file:///home/builder/acme/src/telemetry.js'],
    ['is of another system', 'file://server/share/telemetry.js'],
    ['is an address of the bundler', 'webpack:///src/telemetry.js'],
  ])('falls back to the main script if the module %s', (_name, module) => {
    const files = {
      '/home/package.json': '{"name":"of-a-stranger"}',
      '/app/package.json': app,
      '/app/dist/bundle.js': '',
    };
    expect(find({ files, mainScript: '/app/dist/bundle.js' }, module)?.name).toBe('acme-cli');
  });

  it.each([
    ['\\\\server\\share\\app\\src\\x.js', '\\\\server\\share'],
    ['//server/share/app/x.js', '//server/share'],
    ['\\\\?\\UNC\\server\\share\\x.js', '\\\\?\\UNC\\server\\share'],
    ['\\\\?\\C:\\app\\x.js', '\\\\?\\C:'],
    ['C:\\app\\x.js', 'C:'],
  ])('asks no server for a file above a share: %s', (module, root) => {
    const asked: string[] = [];
    const files = { [module]: '' };
    find({ files, disk: (_call, path) => void asked.push(path) }, module);
    expect(asked.at(-1)).toBe(`${root}/package.json`);
    expect(asked.every((path) => path.startsWith(root))).toBe(true);
  });

  it('looks through pm2 to the script it runs', () => {
    const files = {
      '/lib/pm2/package.json': '{"name":"pm2"}',
      '/lib/pm2/ProcessContainer.js': '',
      '/app/package.json': app,
    };
    const env = { pm_exec_path: '/app/server.js' };
    expect(find({ files, env, mainScript: '/lib/pm2/ProcessContainer.js' })?.name).toBe('acme-cli');
  });

  it.each([
    ['next', '/app/node_modules/next/dist/bin/next'],
    ['vite', '/app/node_modules/vite/bin/vite.js'],
    ['vite-node', '/app/node_modules/vite-node/vite-node.mjs'],
    ['vitest', '/lib/cli.mjs'],
    ['tsx', '/lib/cli.mjs'],
    ['@react-router/serve', '/app/node_modules/@react-router/serve/bin.js'],
    ['storybook', '/lib/dispatcher.js'],
    ['gatsby', '/lib/cli.js'],
    ['gatsby-cli', '/lib/cli.js'],
    ['parcel', '/lib/bin.js'],
    ['@angular/cli', '/app/node_modules/@angular/cli/bin/ng.js'],
    ['vike', '/lib/bin.js'],
    ['serverless', '/lib/run.js'],
    ['npm', '/usr/lib/node_modules/npm/bin/npx-cli.js'],
    ['probot', '/app/node_modules/probot/bin/probot.js'],
    ['unbuild', '/app/node_modules/unbuild/dist/cli.mjs'],
    ['moleculer', '/app/node_modules/moleculer/bin/moleculer-runner.js'],
    ['@strapi/strapi', '/app/node_modules/@strapi/strapi/bin/strapi.js'],
    ['firebase-functions', '/app/node_modules/firebase-functions/lib/bin/firebase-functions.js'],
    ['nitro', '/app/node_modules/nitro/dist/cli/index.mjs'],
    ['nitropack', '/app/node_modules/nitropack/dist/cli/index.mjs'],
    ['vitepress', '/app/node_modules/vitepress/bin/vitepress.js'],
    ['@docusaurus/core', '/app/node_modules/@docusaurus/core/bin/docusaurus.mjs'],
    ['@11ty/eleventy', '/app/node_modules/@11ty/eleventy/cmd.cjs'],
    ['@rsbuild/core', '/app/node_modules/@rsbuild/core/bin/rsbuild.js'],
    ['@playwright/test', '/app/node_modules/@playwright/test/cli.js'],
    ['playwright', '/app/node_modules/playwright/cli.js'],
    ['@cucumber/cucumber', '/app/node_modules/@cucumber/cucumber/bin/cucumber.js'],
    ['@vue/cli-service', '/app/node_modules/@vue/cli-service/bin/vue-cli-service.js'],
    ['zx', '/app/node_modules/zx/build/cli.js'],
  ])('looks through %s to the folder it was started in', (launcher, mainScript) => {
    const files = {
      [`${mainScript.slice(0, mainScript.lastIndexOf('/'))}/package.json`]: JSON.stringify({
        name: launcher,
      }),
      [mainScript]: '',
      '/app/package.json': app,
    };
    expect(find({ files, mainScript, cwd: '/app/sub' })?.name).toBe('acme-cli');
    expect(find({ files, mainScript, cwd: '/elsewhere' })).toBeUndefined();
  });

  it('takes any other program in node_modules for the app', () => {
    const mainScript = '/app/node_modules/next-acme/cli.js';
    const files = {
      '/app/package.json': '{"name":"of-its-user"}',
      '/app/node_modules/next-acme/package.json': '{"name":"next-acme"}',
      [mainScript]: '',
    };
    expect(find({ files, mainScript, cwd: '/app' })?.name).toBe('next-acme');
  });

  it.each<[string, FakePlatformOptions]>([
    ['the REPL and -e, which have no script', {}],
    ['a script without a package.json above it', { files: { '/x.js': '' }, mainScript: '/x.js' }],
    ['a script that was deleted', { files: { '/package.json': app }, mainScript: '/gone.js' }],
    [
      'a package.json that is no JSON',
      { files: { '/a/package.json': '{', '/a/x.js': '' }, mainScript: '/a/x.js' },
    ],
    [
      'a disk that fails',
      {
        mainScript: '/a/x.js',
        disk() {
          throw new Error('EIO');
        },
      },
    ],
  ])('finds none for %s', (_case, options) => {
    expect(find(options)).toBeUndefined();
  });
});
