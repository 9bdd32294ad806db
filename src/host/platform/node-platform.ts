import path from 'node:path';
import process from 'node:process';
import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import { OUTBOX } from '../../file-names.js';
import { forgetContext } from '../../platform/forget-context.js';
import { nodeFiles } from '../../platform/node-files.js';
import { patience } from '../../platform/patiently.js';
import { nodeProcesses } from '../../platform/node-processes.js';
import type { Env, Files, Folders, Processes, System } from '../../platform/platform.js';
import { clamp, MAX_TIME_MS, MAX_TIMER_MS } from '../../ranges.js';
import { ownOnly } from '../../own-only.js';
import type { HostPlatform } from '../host-platform.js';
import { loadDeferred, loadExit, loadSetup } from './load-part.js';
import { nodeSenderLaunchers } from './node-sender-launchers.js';
import { processEnv } from './process-env.js';

/** Undocumented, and the same since 2011. Bun and Deno do not have it. */
interface Loaded {
  readonly moduleLoadList?: readonly string[];
}

/** What a call returns, or `otherwise` if the app has removed something that it needs. */
function orElse<T>(call: () => T, otherwise: T): T;
function orElse<T>(call: () => T): T | undefined;
function orElse<T>(call: () => T, otherwise?: T): T | undefined {
  try {
    return call();
  } catch {
    return otherwise;
  }
}

const clock = (): number => orElse(() => Date.now(), 0);

function nodeSystem(files: Files): System {
  const { bun, deno, node } = orElse<Partial<Record<string, string>>>(
    () => ownOnly(process.versions),
    ownOnly({}),
  );
  return {
    platform: process.platform,
    arch: process.arch,
    runtime: bun ? 'bun' : deno ? 'deno' : 'node',
    runtimeVersion: bun ?? deno ?? node ?? '',
    release: () => release(files),
    ownNames: () => loadDeferred()?.ownNames() ?? { users: [], hosts: [] },
  };
}

/** On Linux, reads the release from its file: loading `node:os` takes longer. */
function release(files: Files): string {
  try {
    const told = files.readAny('/proc/sys/kernel/osrelease');
    if (told !== undefined) return told.trim();
  } catch {
    // unreadable: ask the system
  }
  return loadDeferred()?.release() ?? '';
}

/**
 * The nanosecond of the call, then the pid. `Math.random()` is the app's: under `--random-seed`, it
 * would see the difference. Loading `node:crypto` costs more than the rest of a first report.
 */
const uniqueHex = (): string =>
  orElse(
    () => ((process.hrtime.bigint() << 22n) + BigInt(process.pid)).toString(16).slice(-12),
    clock().toString(16).padStart(12, '0'),
  );

/** The real {@link HostPlatform}. Creating it reads nothing and starts nothing. */
export function nodePlatform(): HostPlatform {
  const files = nodeFiles((tools) => loadExit()?.wholeFiles(tools, uniqueHex));
  const processes: Processes = {
    ...nodeProcesses(),
    isAlive: (pid, start) => loadDeferred()?.isAlive(pid, start) ?? true,
  };
  return {
    setup: loadSetup,
    exit: loadExit,
    deferred: loadDeferred,
    readOwnFile: (file) => loadDeferred()?.readOwnFile(file),
    get env() {
      // Windows ignores the case of names, but not in a thread's copy of the environment.
      const isExact = process.platform === 'win32' && !processes.endsWithThisThread();
      const exact = (): Env | undefined => loadDeferred()?.withUpperCase(process.env);
      return (isExact && orElse(exact)) || processEnv;
    },
    system: nodeSystem(files),
    files,
    processes,
    sender: nodeSenderLaunchers(),
    readHeld: (file, error) => patience.readLater(error, () => files.read(file)),
    mainScript: orElse(() => process.argv[1]),
    cwd: () => process.cwd(),
    hasGlobal: (name) => Object.hasOwn(globalThis, name),
    usesNodeTest: () =>
      orElse(() => (process as Loaded).moduleLoadList?.includes('NativeModule test')) === true,
    absolutePath: (file) => path.resolve(file),
    // A fake clock of the app's tests may say anything.
    now: () => clamp(clock(), MAX_TIME_MS),
    elapsed: () => orElse(() => Number(process.hrtime.bigint()) / 1e6, 0) || clock(),
    uniqueHex,
    sha256(text) {
      const { createHash } = process.getBuiltinModule('node:crypto');
      return createHash('sha256').update(text).digest('hex');
    },
    folders: (safeName) =>
      usualFolders(safeName) ?? loadDeferred()?.envPathsFolders(safeName, patience),
    later(callback, afterMs) {
      const timer = forgetContext(setTimeout(callback, clamp(afterMs, MAX_TIMER_MS))).unref();
      return () => clearTimeout(timer);
    },
    soon: (callback) => void setImmediate(callback).unref(),
    deadline: (callback, afterMs) =>
      loadDeferred()?.deadline(callback, clamp(afterMs, MAX_TIMER_MS)) ?? (() => undefined),
    // Node has had this undocumented property since 2010. Without it, the next run sends.
    isExiting: () => (process as { readonly _exiting?: unknown })._exiting === true,
    onExit(callback) {
      const allow = (more: number): void => {
        const most = process.getMaxListeners();
        // Otherwise Node warns of a leak if the host has as many listeners as the limit allows.
        if (most > 0) process.setMaxListeners(most + more);
      };
      orElse(() => (allow(1), void process.on('exit', callback)));
      return () => orElse(() => (allow(-1), void process.off('exit', callback)));
    },
  };
}

/**
 * The same folders as env-paths gives, without loading it. Works on Linux for a user with an
 * absolute home. A test compares the two.
 */
function usualFolders(safeName: string): Folders | undefined {
  const { HOME = '', XDG_CONFIG_HOME = '', XDG_DATA_HOME = '' } = processEnv;
  const home = tidy(HOME);
  if (process.platform !== 'linux' || home === undefined) return undefined;
  const state = `${tidy(XDG_DATA_HOME) ?? `${home}/.local/share`}/headcount/${safeName}`;
  return {
    home,
    config: `${tidy(XDG_CONFIG_HOME) ?? `${home}/.config`}/headcount/${safeName}`,
    state,
    outbox: `${state}/${OUTBOX}`,
  };
}

/** Normalizes an absolute folder. The XDG specification says to ignore a relative one. */
function tidy(folder: string): string | undefined {
  if (!folder.startsWith('/')) return undefined;
  const isTidy = !folder.endsWith('/') && !folder.includes('//') && !folder.includes('/.');
  // Most folders are tidy and contain no dot. Loading a function of `node:path` takes longer.
  return isTidy ? folder : path.join(folder, '.').replace(/\/$/, '');
}
