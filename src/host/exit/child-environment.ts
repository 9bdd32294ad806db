import type { Env } from '../../platform/platform.js';
import type { HostPaths } from './host-paths.js';

/**
 * The variables that the child gets from its parent: home and temp folders, opt-outs, and what
 * decides how a Node starts and connects. NODE_OPTIONS is never passed (a preload would run again;
 * child-flags.ts takes flags from it), nor is any secret.
 */
const PASSED = new Set([
  ...['HOME', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME'],
  ...['TMPDIR', 'TEMP', 'TMP'],
  'PATH', // Windows looks for the libraries of a program in it
  ...['SYSTEMROOT', 'WINDIR'], // Windows: no sockets without it
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'],
  ...['NODE_EXTRA_CA_CERTS', 'NODE_USE_SYSTEM_CA', 'NODE_ICU_DATA', 'ICU_DATA'],
  ...['OPENSSL_CONF', 'OPENSSL_MODULES', 'OPENSSL_ENGINES'],
  ...['UV_THREADPOOL_SIZE', 'UV_USE_IO_URING', 'GLIBC_TUNABLES'],
  ...['RES_OPTIONS', 'LOCALDOMAIN', 'HOSTALIASES'], // resolv.conf(5), hostname(7)
  ...['DO_NOT_TRACK', 'HEADCOUNT_DISABLED'],
]);
/** The system's loader, the wrappers that redirect connections through it, and certificates. */
const PASSED_PREFIXES = ['LD_', 'DYLD_', 'PROXYCHAINS_', 'TORSOCKS_', 'TSOCKS_', 'SSL_CERT_'];

const LIBRARIES = ['LD_PRELOAD', 'LD_AUDIT', 'DYLD_INSERT_LIBRARIES'];

/**
 * Picks the child's environment from its parent's. Ignores the case of names, as Windows does.
 * Relative paths are made absolute, because the child starts in another folder.
 *
 * @param isRead - whether a preloaded library reads this variable
 */
export function childEnvironment(
  env: Env,
  isRead: (name: string) => boolean,
  paths: HostPaths,
): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of Object.keys(env)) {
    const upper = name.toUpperCase();
    const isPassed =
      PASSED.has(upper) ||
      PASSED_PREFIXES.some((prefix) => upper.startsWith(prefix)) ||
      upper.endsWith('_TELEMETRY_DISABLED') ||
      isRead(name);
    const value = isPassed ? env[name] : undefined;
    if (value) passed[name] = withFullPaths(upper, value, paths);
  }
  return passed;
}

function withFullPaths(name: string, value: string, { full, delimiter }: HostPaths): string {
  if (isPath(name)) return full(value);
  if (LIBRARIES.includes(name)) {
    // A name without a slash is looked up in the loader's folders.
    const paths = preloads({ [name]: value });
    return paths.map((path) => (path.includes('/') ? full(path) : path)).join(':');
  }
  // The loader takes an empty entry for the working folder, and `$ORIGIN` for the program's.
  if (name.endsWith('PATH') && (name.startsWith('LD_') || name.startsWith('DYLD_'))) {
    const folders = value.split(/[:;]/);
    return folders.map((path) => (path.startsWith('$') ? path : full(path))).join(':');
  }
  if (name !== 'SSL_CERT_DIR') return value;
  const folders = value.split(delimiter);
  return folders.map((path) => (path === '' ? path : full(path))).join(delimiter);
}

const isPath = (name: string): boolean =>
  name === 'NODE_EXTRA_CA_CERTS' ||
  name === 'SSL_CERT_FILE' ||
  name.startsWith('OPENSSL_') ||
  name.endsWith('ICU_DATA') ||
  name.endsWith('_CONF_FILE');

/** The libraries that the system loads into every process with this environment. */
export const preloads = (env: Env): string[] =>
  LIBRARIES.flatMap((name) => env[name]?.split(/[: ]/).filter((path) => path !== '') ?? []);
