import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nodePlatform } from '../../src/host/platform/node-platform.js';
import type { Folders } from '../../src/platform/platform.js';

type FolderEnv = Readonly<
  Partial<Record<'HOME' | 'XDG_CONFIG_HOME' | 'XDG_DATA_HOME', string | undefined>>
>;

const PROJECT = 'acme-cli';

/** The folders that the host names without env-paths. It only names them: nothing is written. */
function named(env: FolderEnv): Folders | undefined {
  for (const name of ['HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME'] as const) {
    vi.stubEnv(name, env[name]);
  }
  return nodePlatform().folders(PROJECT);
}

/** The folders by env-paths, as dist/deferred.cjs contains it, in a process with this environment. */
function byEnvPaths(env: FolderEnv): Folders | undefined {
  const deferred = new URL('../../dist/deferred.cjs', import.meta.url);
  const code = `const module = {};
    (function (module) {${readFileSync(deferred, 'utf8')}\n})(module);
    const folders = module.exports.envPathsFolders(${JSON.stringify(PROJECT)});
    process.stdout.write(JSON.stringify({ folders }));`;
  const stdout = execFileSync(process.execPath, ['-'], { input: code, env, encoding: 'utf8' });
  return (JSON.parse(stdout) as { folders?: Folders }).folders;
}

const under = (config: string, data: string, home = '/home/ada'): Folders => ({
  home,
  config: `${config}/headcount/${PROJECT}`,
  state: `${data}/headcount/${PROJECT}`,
  outbox: `${data}/headcount/${PROJECT}/outbox`,
});
const AT_HOME = under('/home/ada/.config', '/home/ada/.local/share');

afterEach(() => vi.unstubAllEnvs());

describe.runIf(process.platform === 'linux')('the folders of a user', () => {
  it.each<[string, FolderEnv, Folders]>([
    ['HOME is set', { HOME: '/home/ada' }, AT_HOME],
    ['HOME ends with a slash', { HOME: '/home/ada/' }, AT_HOME],
    [
      'XDG folders are set',
      { HOME: '/home/ada', XDG_CONFIG_HOME: '/etc/ada', XDG_DATA_HOME: '/var/ada/' },
      under('/etc/ada', '/var/ada'),
    ],
    [
      'one XDG folder is set',
      { HOME: '/home/ada', XDG_DATA_HOME: '/var/ada' },
      under('/home/ada/.config', '/var/ada'),
    ],
    // XDG Base Directory Specification, "Basics": relative folders are ignored, empty ones unset.
    [
      'XDG folders are relative',
      { HOME: '/home/ada', XDG_CONFIG_HOME: 'config', XDG_DATA_HOME: './data' },
      AT_HOME,
    ],
    [
      'XDG folders are empty',
      { HOME: '/home/ada', XDG_CONFIG_HOME: '', XDG_DATA_HOME: '' },
      AT_HOME,
    ],
  ])('are named as by env-paths if %s', (_case, env, expected) => {
    expect(named(env)).toEqual(expected);
    expect(byEnvPaths(env)).toEqual(expected);
  });

  it.each<[string, FolderEnv]>([
    ['relative', { HOME: 'home/ada' }],
    ['empty', { HOME: '' }],
  ])('do not exist if HOME is %s', (_case, env) => {
    expect(named(env)).toBeUndefined();
    expect(byEnvPaths(env)).toBeUndefined();
  });

  it('are left to env-paths, which reads the list of users, if HOME is not set', () => {
    const { homedir } = userInfo();
    expect(named({})).toBeUndefined();
    expect(byEnvPaths({})).toEqual(under(`${homedir}/.config`, `${homedir}/.local/share`, homedir));
  });
});
