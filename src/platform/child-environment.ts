import type { Env } from './platform.js';

/**
 * What the sending child may know of its parent's environment: where its home and temp folders
 * are, how to reach the network, and whether the user said no. Never NODE_OPTIONS (a preload would
 * run again), never a secret.
 */
const PASSED = new Set([
  'HOME',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'PATH', // node-machine-id runs the system's own commands
  'SYSTEMROOT', // Windows: no sockets without it
  'WINDIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'DO_NOT_TRACK',
  'HEADCOUNT_DISABLED',
]);

/** The child's environment out of its parent's. Names are compared as Windows does. */
export function childEnvironment(env: Env): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const upper = name.toUpperCase();
    if (value !== undefined && (PASSED.has(upper) || upper.endsWith('_TELEMETRY_DISABLED'))) {
      passed[name] = value;
    }
  }
  return passed;
}
