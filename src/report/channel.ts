import type { Env } from '../platform/platform.js';
import type { Channel } from '../wire/report.js';

/**
 * What the path of an installed program contains, and its channel; `^` is the start of a path. The
 * first match decides: Homebrew, Nix and npx install by npm into folders of their own.
 */
const PLACES = [
  '/Cellar/ brew', // https://docs.brew.sh/Formula-Cookbook#homebrew-terminology
  '^/nix/store/ nix', // https://nix.dev/manual/nix/latest/store/store-path
  '^/snap/ snap', // https://snapcraft.io/docs/system-snap-directory
  '/scoop/apps/ scoop', // https://github.com/ScoopInstaller/Scoop/wiki/Scoop-Folder-Layout
  '/chocolatey/lib/ choco', // https://docs.chocolatey.org
  '/WinGet/Packages/ winget', // https://github.com/microsoft/winget-cli: doc/Settings.md
  '/_npx/ npx', // https://docs.npmjs.com/cli/commands/npx
  '/.bun/install/ bun', // https://bun.com/docs/pm/cli/install
  '/bunx- bun', // https://github.com/oven-sh/bun: src/cli/bunx_command.zig
  '/.pnpm/ pnpm', // https://pnpm.io/symlinked-node-modules-structure
  '/pnpm/global/ pnpm', // https://pnpm.io/settings
  '/yarn/global/ yarn', // https://classic.yarnpkg.com/lang/en/docs/cli/global
  '/Yarn/Data/global/ yarn',
  '/.yarn/ yarn', // https://yarnpkg.com/features/pnp
  '^/usr/share/nodejs/ deb', // https://wiki.debian.org/Javascript/Nodejs/Manual
  '^/snapshot/ standalone', // https://github.com/yao-pkg/pkg: README.md
  '^/$bunfs/ standalone', // https://bun.com/docs/bundler/executables
  '/lib/node_modules/ npm', // https://docs.npmjs.com/cli/configuring-npm/folders
  '/npm/node_modules/ npm', // the same on Windows
];

/** The package managers that name themselves in `npm_config_user_agent`. */
const MANAGERS: readonly Channel[] = ['npm', 'pnpm', 'yarn', 'bun'];

/**
 * How a program was installed, as far as the folder of its code shows. Reports contain only names
 * of the tables above, never a part of the path.
 *
 * @param file - the real path of the program's code
 */
export function channelOf(
  file: string | undefined,
  env: Env,
  isContainer: boolean,
): Channel | null {
  if (file === undefined) return null;
  const path = `^${file.replaceAll('\\', '/')}`;
  // The sandbox of Flatpak has both: other containers have programs in `/app` too.
  if (path.startsWith('^/app/') && env['FLATPAK_ID']) return 'flatpak';
  const place = PLACES.find((each) => path.includes(each.slice(0, each.indexOf(' '))));
  // The cast: the table has only channels.
  if (place) return place.slice(place.indexOf(' ') + 1) as Channel;
  if (path.includes('/node_modules/')) {
    // The manager that runs a project's program has usually installed it too.
    const agent = env['npm_config_user_agent'] ?? '';
    return MANAGERS.find((name) => agent.startsWith(`${name}/`)) ?? null;
  }
  return isContainer ? 'docker' : null;
}
