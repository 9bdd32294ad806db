import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { Env, NoChildReason } from '../../../platform/platform.js';

/** Headcount does nothing in a process with this variable. */
const CHILD_MARK = 'HEADCOUNT_CHILD';
/** The child's job, as JSON. It is not an argument, because every user can read those. */
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
      NODE_V8_COVERAGE: undefined, // spawn() would add the host's value
      [CHILD_MARK]: '1',
      [CHILD_JOB]: JSON.stringify(job),
    },
  });
  child.on('error', () => {
    // no child was started: the outbox keeps the reports for the next run
  });
  child.unref();
  return child.pid;
}

/** Not a folder of the app, which could then not be removed. TMPDIR may name a missing folder. */
function childFolder(): string {
  const folder = os.tmpdir();
  return fs.existsSync(`${folder}/.`) ? folder : path.parse(process.execPath).root;
}

/**
 * The variables that the child gets from its parent: home and temp folders, network settings and
 * opt-outs. NODE_OPTIONS is never passed (a preload would run again), nor is any secret.
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

/** Picks the child's environment from its parent's. Ignores the case of names, as Windows does. */
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

/** Starting a process takes 3 ms in a small host, and 100 ms in one with 3 GB (ADR 0006). */
const MAX_HOST_BYTES = 200 * 1024 * 1024;
const PLAIN_NODE = /^node(js)?[\d.-]*(\.exe)?$/i;

/** Properties of `process` that its types lack, or that another program sets. */
interface RunningProcess {
  readonly permission?: { has(scope: string): boolean };
  /** Set by pkg. */
  readonly pkg?: unknown;
}

/** Why `process.execPath` must not or cannot be started to send. */
export function childObstacle(): NoChildReason | undefined {
  if (!isPlainNode()) return 'runtime';
  if (process.pid === 1) return 'first-process';
  const { permission } = process as RunningProcess;
  if (permission && !permission.has('child')) return 'permission';
  if (process.memoryUsage.rss() > MAX_HOST_BYTES) return 'memory';
  return undefined;
}

/**
 * Whether `process.execPath` runs a given script. A single-executable app, a pkg app, a compiled
 * Bun or Deno app and Electron would run the app again.
 */
function isPlainNode(): boolean {
  const { versions, execPath } = process;
  if (versions['electron'] ?? versions['bun'] ?? versions['deno']) return false;
  if ((process as RunningProcess).pkg !== undefined) return false;
  const sea = process.getBuiltinModule('node:sea') as { isSea(): boolean } | undefined;
  return PLAIN_NODE.test(path.basename(execPath)) && sea?.isSea() !== true;
}
