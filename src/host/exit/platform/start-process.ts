import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { childEnvironment, preloads } from '../child-environment.js';
import { childFlags } from '../child-flags.js';
import type { HostPaths } from '../host-paths.js';
import { readsOf } from './preloaded-texts.js';

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
 * @throws Error if the child would not start and connect as this process does
 */
export function startProcess(descriptors: ChildDescriptors, job: unknown): number | undefined {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const { env, execArgv } = process;
  const flags = childFlags(execArgv, env.NODE_OPTIONS ?? '', PATHS);
  // V8 has no WebAssembly without its compilers, whatever has turned these off in the host.
  const isJitless = !('WebAssembly' in globalThis) && !flags.includes('--jitless');
  const child = spawn(process.execPath, [...flags, ...(isJitless ? ['--jitless'] : []), '-'], {
    stdio: streams(descriptors),
    detached: true,
    windowsHide: true,
    cwd: childFolder(),
    env: {
      ...childEnvironment(env, readsOf(preloads(env)), PATHS),
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
  const folder = os.tmpdir();
  return fs.existsSync(`${folder}/.`) ? folder : path.parse(process.execPath).root;
}
