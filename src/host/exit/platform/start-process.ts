import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { childEnvironment, preloads } from '../child-environment.js';
import type { DeferredPart } from '../../host-platform.js';
import type { HostPaths } from '../host-paths.js';

/** Headcount does nothing in a process with this variable. */
const CHILD_MARK = 'HEADCOUNT_CHILD';
/** The child's job, as JSON. It is not an argument, because every user can read those. */
const CHILD_JOB = 'HEADCOUNT_CHILD_JOB';

const PATHS: HostPaths = { full: (file) => path.resolve(file), delimiter: path.delimiter };

/** The descriptors that the child gets in place of the host's. */
export interface ChildDescriptors {
  /** The sender's code. */
  readonly code: number;
  readonly nothing: number;
  /** All that the host has open. */
  readonly open: readonly number[];
}

/**
 * Starts the sender in a process that outlives this one. Returns its pid.
 *
 * @param deferred - called if the host has flags or preloaded libraries. Most hosts have neither
 * @throws Error if the child would not start and connect as this process does
 */
export function startProcess(
  descriptors: ChildDescriptors,
  job: unknown,
  deferred: () => DeferredPart,
): number | undefined {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const { env, execArgv } = process;
  const { NODE_OPTIONS: options = '' } = env;
  const hasFlags = options !== '' || execArgv.length > 0;
  const flags = hasFlags ? deferred().childFlags(execArgv, options, PATHS) : [];
  const libraries = preloads(env);
  const isRead = libraries.length > 0 ? deferred().readsOf(libraries) : () => false;
  // V8 has no WebAssembly without its compilers, whatever has turned these off in the host.
  const isJitless = !('WebAssembly' in globalThis) && !flags.includes('--jitless');
  const child = spawn(process.execPath, [...flags, ...(isJitless ? ['--jitless'] : []), '-'], {
    stdio: streams(descriptors),
    detached: true,
    windowsHide: true,
    cwd: childFolder(),
    env: {
      ...childEnvironment(env, isRead, PATHS),
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

/**
 * Puts nothing in the place of every descriptor: native code and programs that have started the
 * host leave some open for children. A lock or a pipe would last as long as the child.
 */
function streams({ code, nothing, open }: ChildDescriptors): (number | 'ignore')[] {
  const all = Array<number | 'ignore'>(Math.max(2, ...open) + 1).fill('ignore');
  for (const fd of open) if (fd > 2) all[fd] = nothing;
  all[0] = code;
  return all;
}

/** Not a folder of the app, which could then not be removed. TMPDIR may name a missing folder. */
function childFolder(): string {
  const { TMPDIR, TMP, TEMP } = process.env;
  // Elsewhere it is one of these: the first call of node:os takes longer than all the rest here.
  const folder = process.platform === 'win32' ? os.tmpdir() : TMPDIR || TMP || TEMP || '/tmp';
  return fs.existsSync(`${folder}/.`) ? folder : path.parse(process.execPath).root;
}
