import type { StatusWarning } from '../../api.js';
import type { ResolvedOptions } from '../../options.js';
import type { HostPlatform } from '../host-platform.js';

/** Warns of an option `packageJson` that names no file here. */
export function packageJsonWarnings(
  { packageJson: module }: Pick<ResolvedOptions, 'packageJson'>,
  { setup, files }: Pick<HostPlatform, 'setup' | 'files'>,
): StatusWarning[] {
  if (module === undefined || setup()?.presentModule(module, files) !== undefined) return [];
  const text =
    'The option packageJson names a file that is not there, as in a bundle that was built elsewhere: the main script was used instead. Set project and version.';
  return [{ reason: 'package-json-ignored', text }];
}

/** Says why no project was found. */
export function noProjectWarnings(
  options: Pick<ResolvedOptions, 'packageJson'>,
  platform: Pick<HostPlatform, 'setup' | 'files' | 'mainScript'>,
): StatusWarning[] {
  const text =
    platform.mainScript === undefined
      ? 'node -e, the REPL and standard input have no package.json: set project and version.'
      : `No package.json with a name is above ${platform.mainScript}. In a bundle or an executable, set project and version.`;
  return [...packageJsonWarnings(options, platform), { reason: 'no-project', text }];
}
