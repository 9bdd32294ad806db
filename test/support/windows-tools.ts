import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where `scripts/install-windows-tools.sh` puts everything; kept between runs. */
export const WINDOWS_TOOLS = join(tmpdir(), 'headcount-windows-tools');
/** The Windows of these tests. */
export const WINDOWS_PREFIX = join(WINDOWS_TOOLS, 'prefix');

/** The environment of every wine process: nothing of the caller's, and never its home. */
export const windowsEnv = {
  PATH: process.env['PATH'],
  HOME: join(WINDOWS_TOOLS, 'home'),
  LC_ALL: 'C.UTF-8',
  WINEPREFIX: WINDOWS_PREFIX,
  WINEDEBUG: '-all',
};

/** The releases of Node.js that run there. */
export const RELEASES = ['20', '22'] as const;
/** See {@link RELEASES}. */
export type WindowsRelease = (typeof RELEASES)[number];

/** The Node.js of a release. */
export const nodeForWindows = (release: WindowsRelease): string =>
  join(WINDOWS_TOOLS, 'node_modules', `node-${release}`, 'bin/node.exe');
