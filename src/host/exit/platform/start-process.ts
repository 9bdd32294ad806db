import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { Env, NoChildReason } from '../../../platform/platform.js';

/** Any Headcount inside a process with this in its environment does nothing. */
const CHILD_MARK = 'HEADCOUNT_CHILD';
/** The child's job, as JSON. In the environment, since arguments can be read by every user. */
const CHILD_JOB = 'HEADCOUNT_CHILD_JOB';

/** Starts the sender in a process that outlives this one. Returns its pid. */
export function startProcess(fd: number, job: unknown): number | undefined {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(process.execPath, ['-'], {
    stdio: [fd, 'ignore', 'ignore'],
    detached: true,
    windowsHide: true,
    cwd: childFolder(),
    env: {
      ...childEnvironment(process.env),
      NODE_V8_COVERAGE: undefined, // spawn() would add the host's by itself
      [CHILD_MARK]: '1',
      [CHILD_JOB]: JSON.stringify(job),
    },
  });
  child.on('error', () => {
    // no child, then: the outbox keeps the reports for the next run
  });
  child.unref();
  return child.pid;
}

/** No folder of the app's, which could not be removed then. TMPDIR may name what is not there. */
function childFolder(): string {
  const folder = os.tmpdir();
  return fs.existsSync(`${folder}/.`) ? folder : path.parse(process.execPath).root;
}

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
function childEnvironment(env: Env): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const upper = name.toUpperCase();
    if (value !== undefined && (PASSED.has(upper) || upper.endsWith('_TELEMETRY_DISABLED'))) {
      passed[name] = value;
    }
  }
  return passed;
}

/** Starting a process costs 3 ms at first, and 100 ms of a host that has 3 GB (ADR 0006). */
const MAX_HOST_BYTES = 200 * 1024 * 1024;
const PLAIN_NODE = /^node(js)?[\d.-]*(\.exe)?$/i;

/** What of a process is newer than its types, or is another program's. */
interface RunningProcess {
  readonly permission?: { has(scope: string): boolean };
  /** Set by pkg. */
  readonly pkg?: unknown;
}

/** Why `process.execPath` must not, or cannot, be started to send. */
export function childObstacle(): NoChildReason | undefined {
  if (!isPlainNode()) return 'runtime';
  if (process.pid === 1) return 'first-process';
  const { permission } = process as RunningProcess;
  if (permission && !permission.has('child')) return 'permission';
  if (process.memoryUsage.rss() > MAX_HOST_BYTES) return 'memory';
  return undefined;
}

/**
 * Whether `process.execPath` runs a script it is given. A single-executable app, one by pkg, a
 * compiled Bun or Deno, or Electron would run the app again.
 */
function isPlainNode(): boolean {
  const { versions, execPath } = process;
  if (versions['electron'] ?? versions['bun'] ?? versions['deno']) return false;
  if ((process as RunningProcess).pkg !== undefined) return false;
  const sea = process.getBuiltinModule('node:sea') as { isSea(): boolean } | undefined;
  return PLAIN_NODE.test(path.basename(execPath)) && sea?.isSea() !== true;
}
