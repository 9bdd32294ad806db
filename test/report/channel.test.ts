import { afterEach, describe, expect, it } from 'vitest';
import { createHeadcountOn } from '../../src/headcount.js';
import { instances } from '../../src/host/platform/instances.js';
import type { HeadcountOptions } from '../../src/options.js';
import { completeReport } from '../../src/report/draft.js';
import { readSegment } from '../../src/storage/outbox-lines.js';
import { CHANNELS } from '../../src/wire/report.js';
import { fakePlatform } from '../support/fake-platform.js';

afterEach(() => instances().clear());

interface Program {
  readonly env?: Record<string, string>;
  readonly files?: Record<string, string>;
  /** What the main script is a link to. */
  readonly target?: string;
}

/** The channel in the report of a program whose main script is here. */
function channelOf(script: string, { env = {}, files = {}, target = script }: Program = {}) {
  instances().clear();
  const folder = target.slice(0, Math.max(target.lastIndexOf('/'), target.lastIndexOf('\\')));
  const platform = fakePlatform({
    env,
    mainScript: script,
    links: { [script]: target },
    files: {
      ...files,
      [target]: '',
      [`${folder}/package.json`]: '{"name":"acme-cli","version":"2.3.1"}',
    },
  });
  createHeadcountOn(platform, {}).track();
  return sentBy(platform).channel;
}

function sentBy(platform: ReturnType<typeof fakePlatform>) {
  const [draft] = [...platform.disk]
    .filter(([path]) => path.includes('/outbox/'))
    .flatMap(([, text]) => readSegment(text).drafts);
  if (!draft) throw new Error('nothing was tracked');
  const identity = { anonymous_id: '9f86d081884c7d65', id_source: 'machine' } as const;
  const numbered = { ...draft, report_id: 'r' };
  return completeReport(numbered, { ...identity, id_persisted: true }, 0).info;
}

it('refuses an event called alive, and a heartbeat that is no boolean', () => {
  const events = { alive: { description: 'Mine.' } };
  const create = (options: object) => () =>
    createHeadcountOn(fakePlatform(), { project: 'acme-cli', ...options });
  expect(create({ events })).toThrow(/option "events.alive" must be called by another name/);
  expect(create({ heartbeat: 'no' })).toThrow(/option "heartbeat" must be true or false/);
});

describe('the channel', () => {
  it.each([
    ['/usr/local/lib/node_modules/acme-cli/cli.js', 'npm'],
    ['/home/ada/.nvm/versions/node/v22.1.0/lib/node_modules/acme-cli/cli.js', 'npm'],
    ['C:\\Users\\ada\\AppData\\Roaming\\npm\\node_modules\\acme-cli\\cli.js', 'npm'],
    ['/home/ada/.npm/_npx/0123456789abcdef/node_modules/acme-cli/cli.js', 'npx'],
    ['C:\\Users\\ada\\AppData\\Local\\npm-cache\\_npx\\01\\node_modules\\acme-cli\\cli.js', 'npx'],
    ['/home/ada/.local/share/pnpm/global/5/.pnpm/acme@2/node_modules/acme-cli/cli.js', 'pnpm'],
    ['/home/ada/site/node_modules/.pnpm/acme@2/node_modules/acme-cli/cli.js', 'pnpm'],
    ['/home/ada/.config/yarn/global/node_modules/acme-cli/cli.js', 'yarn'],
    ['C:\\Users\\ada\\AppData\\Local\\Yarn\\Data\\global\\node_modules\\acme-cli\\cli.js', 'yarn'],
    ['/home/ada/site/.yarn/unplugged/acme-cli-npm-2.3.1/node_modules/acme-cli/cli.js', 'yarn'],
    ['/home/ada/.bun/install/global/node_modules/acme-cli/cli.js', 'bun'],
    ['/tmp/bunx-1000-acme-cli@latest/node_modules/acme-cli/cli.js', 'bun'],
    ['/opt/homebrew/Cellar/acme/2.3.1/libexec/lib/node_modules/acme-cli/cli.js', 'brew'],
    ['/home/linuxbrew/.linuxbrew/Cellar/acme/2.3.1/libexec/cli.js', 'brew'],
    ['/nix/store/0123-acme-2.3.1/lib/node_modules/acme-cli/cli.js', 'nix'],
    ['/snap/acme/12/lib/node_modules/acme-cli/cli.js', 'snap'],
    ['/usr/share/nodejs/acme-cli/cli.js', 'deb'],
    ['C:\\Users\\ada\\scoop\\apps\\acme\\2.3.1\\cli.js', 'scoop'],
    ['C:\\ProgramData\\chocolatey\\lib\\acme\\tools\\cli.js', 'choco'],
    ['C:\\Users\\ada\\AppData\\Local\\Microsoft\\WinGet\\Packages\\Acme\\cli.js', 'winget'],
    ['/snapshot/acme/cli.js', 'standalone'],
    // A checkout, an unpacked archive, and folders of a user that are called alike: not known.
    ['/home/ada/src/acme/cli.js', null],
    ['/opt/acme/cli.js', null],
    ['/home/ada/snap/cli.js', null],
    ['/home/ada/cellar/npm/cli.js', null],
  ])('of %s is %s', (script, channel) => {
    expect(channelOf(script)).toBe(channel);
    expect(channel === null || CHANNELS.includes(channel as never)).toBe(true);
  });

  it('is that of the file that a command links to', () => {
    const target = '/usr/local/lib/node_modules/acme-cli/cli.js';
    expect(channelOf('/usr/local/bin/acme', { target })).toBe('npm');
  });

  it.each([
    ['npm/10.9.2 node/v22.1.0 linux x64 workspaces/false', 'npm'],
    ['pnpm/9.1.0 npm/? node/v22.1.0 linux x64', 'pnpm'],
    ['yarn/1.22.22 npm/? node/v22.1.0 linux x64', 'yarn'],
    ['bun/1.2.0 npm/? node/v22.1.0 linux x64', 'bun'],
    ['ada-secret/1.0', null],
    ['', null],
  ])('of a project’s dependency that %j runs is %s', (npm_config_user_agent, channel) => {
    const env = { npm_config_user_agent };
    expect(channelOf('/home/ada/site/node_modules/acme-cli/cli.js', { env })).toBe(channel);
    // Who starts a checkout by `npm start` has not installed it by npm.
    expect(channelOf('/home/ada/src/acme/server.js', { env })).toBe(null);
  });

  it('is docker in a container, unless a package manager has installed the program', () => {
    const files = { '/.dockerenv': '' };
    expect(channelOf('/app/server.js', { files })).toBe('docker');
    expect(channelOf('/usr/local/lib/node_modules/acme-cli/cli.js', { files })).toBe('npm');
  });

  it('is flatpak in its sandbox, and nowhere else', () => {
    const env = { FLATPAK_ID: 'dev.acme.Acme' };
    expect(channelOf('/app/lib/node_modules/acme-cli/cli.js', { env })).toBe('flatpak');
    // What an app of a sandbox starts elsewhere has the variable too, and other containers the folder.
    expect(channelOf('/home/ada/src/acme/cli.js', { env })).toBe(null);
    expect(channelOf('/app/server.js', { files: { '/.dockerenv': '' } })).toBe('docker');
    expect(channelOf('/app/server.js', {})).toBe(null);
  });

  it('is what the app says, before all', () => {
    const given = (options: object): unknown => {
      instances().clear();
      const platform = fakePlatform();
      const all = { project: 'acme-cli', version: '2.3.1', ...options } as HeadcountOptions;
      createHeadcountOn(platform, all).track();
      return sentBy(platform).channel;
    };
    for (const channel of CHANNELS) expect(given({ channel })).toBe(channel);
    expect(given({})).toBe(null);
    for (const channel of ['/home/ada', 'NPM', '', 7, null]) {
      expect(() => given({ channel })).toThrow(/option "channel" must be one of "npm", "npx"/);
    }
  });

  it('is null in a report whose draft has another word, which nothing has checked', () => {
    const platform = { ...fakePlatform(), setup: () => undefined };
    const options = { project: 'acme-cli', channel: '/home/ada' } as unknown as HeadcountOptions;
    createHeadcountOn(platform, options).track();
    expect(sentBy(platform).channel).toBe(null);
  });
});
