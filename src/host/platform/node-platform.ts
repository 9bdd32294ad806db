import { Buffer } from 'node:buffer';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';
import type EnvPaths from 'env-paths';
import { OUTBOX } from '../../file-names.js';
import { nodeFiles } from '../../platform/node-files.js';
import { nodeProcesses } from '../../platform/node-processes.js';
import type { Folders, Platform, System } from '../../platform/platform.js';
import { nodeSenderLaunchers } from './node-sender-launchers.js';

function nodeSystem(): System {
  const { bun, deno, node }: Partial<Record<string, string>> = process.versions;
  return {
    platform: process.platform,
    arch: process.arch,
    runtime: bun ? 'bun' : deno ? 'deno' : 'node',
    runtimeVersion: bun ?? deno ?? node ?? '',
    release: () => os.release(),
    ownNames: () => ({
      users: [quietly(() => os.userInfo().username), path.basename(quietly(() => os.homedir()))],
      hosts: [quietly(() => os.hostname())],
    }),
  };
}

/** A user without an entry in the system's list has no name, and no home. */
function quietly(ask: () => string): string {
  try {
    return ask();
  } catch {
    return '';
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

/** The real {@link Platform}. Making it reads nothing and starts nothing. */
export function nodePlatform(): Platform {
  return {
    env: process.env,
    system: nodeSystem(),
    files: nodeFiles(() => Buffer.from(randomBytes(6)).toString('hex')),
    processes: nodeProcesses(),
    sender: nodeSenderLaunchers(),
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
    folders: nodeFolders,
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

declare const require: (name: 'env-paths') => { readonly default: typeof EnvPaths };

/**
 * The folders of a project by env-paths: the ID and the user's choice in the config folder, the
 * outbox in the data folder (a cache may be wiped at any time).
 *
 * @returns `undefined` where there is no absolute home to put them in
 */
function nodeFolders(safeName: string): Folders | undefined {
  try {
    // Required here, not imported above: env-paths asks for the home folder when it is loaded, and
    // that throws for a user without one. The build inlines it; no require is left at run time.
    const { default: envPaths } = require('env-paths');
    const paths = envPaths('headcount', { suffix: '' });
    const config = absolute(paths.config, '.config');
    const data = absolute(paths.data, path.join('.local', 'share'));
    if (config === undefined || data === undefined) return undefined;
    return {
      config: path.join(config, safeName),
      state: path.join(data, safeName),
      outbox: path.join(data, safeName, OUTBOX),
    };
  } catch {
    return undefined; // no home: the caller keeps everything in memory
  }
}

/** A relative XDG folder is to be ignored, says the XDG Base Directory Specification, "Basics". */
function absolute(folder: string, underHome: string): string | undefined {
  if (path.isAbsolute(folder)) return folder;
  const home = os.homedir();
  return path.isAbsolute(home) ? path.join(home, underHome, 'headcount') : undefined;
}
