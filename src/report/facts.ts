import type { Platform } from '../platform/platform.js';
import type { ReportInfo } from '../wire/report.js';
import { coarseVersion } from './coarse-version.js';
import { detectAgent } from './agent.js';
import { detectCi } from './ci.js';
import { isContainer, isWsl } from './container.js';

/** What every report of a process says of it; the ID's own facts come when it is sent. */
export type Facts = Omit<ReportInfo, 'id_source' | 'id_persisted'>;

/** The names that Python's `platform.system()` gives, as collectors of the first generation know them. */
const SYSTEM_NAMES: Readonly<Record<string, string>> = {
  linux: 'Linux',
  darwin: 'Darwin',
  win32: 'Windows',
  freebsd: 'FreeBSD',
  openbsd: 'OpenBSD',
  sunos: 'SunOS',
  aix: 'AIX',
  android: 'Android',
};

/** The coarse facts about the app, its runtime and its system. */
export function collectFacts(
  version: string,
  { env, system, files }: Pick<Platform, 'env' | 'system' | 'files'>,
): Facts {
  return {
    os: SYSTEM_NAMES[system.platform] ?? system.platform,
    os_version: majorMinor(system.release()),
    arch: system.arch,
    version: coarseVersion(version),
    runtime: system.runtime,
    runtime_version: majorMinor(system.runtimeVersion),
    ci: detectCi(env),
    container: isContainer(files),
    wsl: system.platform === 'linux' && isWsl(files),
    agent: detectAgent(env),
  };
}

/** `6.18` of `6.18.5-generic`: a full release number tells machines apart. */
const majorMinor = (version: string): string => /^\d+(\.\d+)?/.exec(version)?.[0] ?? 'unknown';
