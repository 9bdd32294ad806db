import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { OUTBOX } from '../../file-names.js';
import { nodeFiles } from '../../platform/node-files.js';
import { nodeProcesses } from '../../platform/node-processes.js';
import type { Folders, System } from '../../platform/platform.js';
import type { HostPlatform } from '../host-platform.js';
import { loadDeferred } from './load-deferred.js';
import { nodeSenderLaunchers } from './node-sender-launchers.js';

function nodeSystem(): System {
  const { bun, deno, node }: Partial<Record<string, string>> = process.versions;
  return {
    platform: process.platform,
    arch: process.arch,
    runtime: bun ? 'bun' : deno ? 'deno' : 'node',
    runtimeVersion: bun ?? deno ?? node ?? '',
    release,
    ownNames: () => loadDeferred()?.ownNames() ?? { users: [], hosts: [] },
  };
}

/** On Linux out of the file that says it: to load node:os takes longer than to read that. */
function release(): string {
  try {
    return fs.readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim();
  } catch {
    return os.release();
  }
}

/**
 * Not from node:crypto, whose loading alone would cost the host more than the rest of a first
 * report: V8 seeds this generator from the system's entropy, once for each process.
 */
function randomBytes(count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count; at += 1) bytes[at] = Math.random() * 256;
  return bytes;
}

/** The real {@link HostPlatform}. Making it reads nothing and starts nothing. */
export function nodePlatform(): HostPlatform {
  return {
    deferred: loadDeferred,
    readOwnFile: (file) => loadDeferred()?.readOwnFile(file),
    env: process.env,
    system: nodeSystem(),
    files: nodeFiles(() => Buffer.from(randomBytes(6)).toString('hex')),
    processes: nodeProcesses(),
    sender: nodeSenderLaunchers(loadDeferred),
    mainScript: process.argv[1],
    cwd: () => process.cwd(),
    absolutePath: (file) => path.resolve(file),
    modulePath: (urlOrPath) =>
      urlOrPath.startsWith('file:') ? fileURLToPath(urlOrPath) : urlOrPath,
    now: () => Date.now(),
    elapsed: () => Number(process.hrtime.bigint()) / 1e6,
    randomBytes,
    sha256(text) {
      const { createHash } = process.getBuiltinModule('node:crypto');
      return createHash('sha256').update(text).digest('hex');
    },
    folders: (safeName) => usualFolders(safeName) ?? loadDeferred()?.envPathsFolders(safeName),
    later(callback, afterMs) {
      const timer = setTimeout(callback, afterMs).unref();
      return () => clearTimeout(timer);
    },
    soon: (callback) => void setImmediate(callback).unref(),
    deadline(callback, afterMs) {
      const timer = setTimeout(callback, afterMs);
      return () => clearTimeout(timer);
    },
    // Of Node's own since 2010, and in no documentation; without it the next run sends.
    isExiting: () => (process as { readonly _exiting?: unknown })._exiting === true,
    onExit(callback) {
      const allow = (more: number): void => {
        const most = process.getMaxListeners();
        // Else the host is warned of a leak when its own listeners are as many as it may have.
        if (most > 0) process.setMaxListeners(most + more);
      };
      allow(1);
      process.on('exit', callback);
      return () => {
        allow(-1);
        process.off('exit', callback);
      };
    },
  };
}

/**
 * The folders that env-paths would name, without loading it: on Linux, for a user with an absolute
 * home. A test compares the two.
 */
function usualFolders(safeName: string): Folders | undefined {
  const { HOME = '', XDG_CONFIG_HOME: config = '', XDG_DATA_HOME: data = '' } = process.env;
  if (process.platform !== 'linux' || !isAbsolute(HOME)) return undefined;
  const state = path.join(isAbsolute(data) ? data : `${HOME}/.local/share`, 'headcount', safeName);
  return {
    config: path.join(isAbsolute(config) ? config : `${HOME}/.config`, 'headcount', safeName),
    state,
    outbox: path.join(state, OUTBOX),
  };
}

const isAbsolute = (folder: string): boolean => folder.startsWith('/');
