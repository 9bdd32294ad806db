import { randomBytes } from 'node:crypto';
import {
  fstatSync,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { type AddressInfo, isIPv6 } from 'node:net';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { isLoopback } from './access/client-keys.js';
import { hasCode } from './has-code.js';
import { isRecord } from './is-record.js';
import { makeFolders } from './make-folders.js';

/** The content of the file. */
export interface LocalAddress {
  readonly url: string;
  readonly pid: number;
  readonly started_at: string;
  /**
   * SHA-256 of its certificate, as `AB:CD:…`, if it speaks TLS. Only in the data folder, for the
   * collector's own commands: a certificate is rarely for the name of the loopback.
   */
  readonly fingerprint?: string;
}

const FILE_NAME = 'collector.json';

/** The data folder of the collector with the address; clients have no use for it. */
const DATA_FILE_NAME = 'collector-data.json';

// Windows has no such flag, whatever the type says.
const NO_FOLLOW = (constants as { readonly O_NOFOLLOW?: number }).O_NOFOLLOW ?? 0;

/**
 * The file in which a collector leaves its address for the user's programs on this machine:
 * `collector.json` in the folder that clients keep their settings in.
 *
 * @returns `undefined` where there is no absolute home folder.
 */
export function addressFilePath(): string | undefined {
  const folder = configFolder();
  return folder === undefined ? undefined : join(folder, FILE_NAME);
}

/**
 * The URL by which programs on this machine reach a listener.
 *
 * @returns `undefined` if it listens on an address of the network alone.
 */
export function loopbackUrl(
  { address, port }: AddressInfo,
  scheme: 'http' | 'https' = 'http',
): string | undefined {
  if (address === '0.0.0.0') return `${scheme}://127.0.0.1:${port}`;
  if (address === '::') return `${scheme}://[::1]:${port}`;
  if (!isLoopback(address)) return undefined;
  return `${scheme}://${isIPv6(address) ? `[${address}]` : address}:${port}`;
}

/**
 * Leaves the address of this process in the file, in the place of an earlier one.
 *
 * @returns What removes it again, unless another collector has left its own meanwhile;
 * `undefined` where there is no home folder.
 * @throws If it cannot be written, or if the folder could be changed by another user.
 */
export function leaveAddress(url: string, startedAt: Date, data: string): (() => void) | undefined {
  const path = addressFilePath();
  if (path === undefined) return undefined;
  const folder = dirname(path);
  checkOwner(homedir(), statSync(homedir()).uid);
  makeFolder(folder);
  const moment = startedAt.toISOString();
  const address: LocalAddress = { url, pid: process.pid, started_at: moment };
  const text = `${JSON.stringify(address)}\n`;
  const dataPath = join(folder, DATA_FILE_NAME);
  writePrivately(path, text);
  writePrivately(dataPath, `${JSON.stringify({ url, data })}\n`);
  return () => {
    try {
      if (readText(path) !== text) return;
      rmSync(path, { force: true });
      rmSync(dataPath, { force: true });
    } catch {
      // The file stays, and the next start replaces it.
    }
  };
}

/** The data folder of the collector that left a URL; `undefined` if that is not known. */
export function readDataFolder(url: string): string | undefined {
  const path = addressFilePath();
  const text = path === undefined ? undefined : readText(join(dirname(path), DATA_FILE_NAME));
  try {
    const value: unknown = JSON.parse(text ?? '');
    const isIts = isRecord(value) && value['url'] === url && typeof value['data'] === 'string';
    return isIts ? String(value['data']) : undefined;
  } catch {
    return undefined; // a file that is no JSON names no folder
  }
}

/** Leaves the address in a data folder, for commands that are run on it. */
export function leaveAddressIn(
  path: string,
  url: string,
  startedAt: Date,
  fingerprint?: string,
): () => void {
  const started_at = startedAt.toISOString();
  const address: LocalAddress = {
    ...{ url, pid: process.pid, started_at },
    ...(fingerprint !== undefined && { fingerprint }),
  };
  writePrivately(path, `${JSON.stringify(address)}\n`);
  return () => rmSync(path, { force: true });
}

/**
 * Reads the address that a collector left; `undefined` if there is no valid one.
 *
 * @param path - The file; by default the user's.
 */
export function readAddress(path = addressFilePath()): LocalAddress | undefined {
  const text = path === undefined ? undefined : readText(path);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value)) return undefined;
    const { url, pid, started_at, fingerprint } = value;
    const isUrl = typeof url === 'string' && URL.canParse(url) && /^https?:/.test(url);
    if (!isUrl || typeof pid !== 'number' || typeof started_at !== 'string') return undefined;
    return { url, pid, started_at, ...(typeof fingerprint === 'string' && { fingerprint }) };
  } catch {
    return undefined; // a file that is no JSON names no collector
  }
}

/** Like the client's: a relative folder of XDG is ignored, as its specification says. */
function configFolder(): string | undefined {
  const home = homeFolder();
  if (home === undefined) return undefined;
  const folder = {
    darwin: () => join(home, 'Library', 'Preferences', 'headcount'),
    win32: () =>
      join(process.env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'headcount', 'Config'),
    other: () => join(process.env['XDG_CONFIG_HOME'] || join(home, '.config'), 'headcount'),
  };
  const { platform } = process;
  const found = folder[platform === 'darwin' || platform === 'win32' ? platform : 'other']();
  return isAbsolute(found) ? found : join(home, '.config', 'headcount');
}

function homeFolder(): string | undefined {
  try {
    return isAbsolute(homedir()) ? homedir() : undefined;
  } catch {
    return undefined; // a user without a home
  }
}

function makeFolder(folder: string): void {
  makeFolders(dirname(folder), 0o777);
  try {
    mkdirSync(folder, 0o700);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  // Clients believe the file: nobody else may be able to put another in its place.
  const { uid, mode } = lstatSync(folder);
  checkOwner(folder, uid);
  if ((mode & constants.S_IFMT) !== constants.S_IFDIR) throw new Error(`${folder} is no folder.`);
  if (process.platform !== 'win32' && (mode & 0o022) !== 0) {
    throw new Error(`${folder} can be changed by other users.`);
  }
}

function checkOwner(path: string, uid: number): void {
  const own = process.geteuid?.();
  if (own !== undefined && own !== uid) throw new Error(`${path} belongs to another user.`);
}

function writePrivately(path: string, text: string): void {
  const draft = `${path}.${randomBytes(8).toString('hex')}.draft`;
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | NO_FOLLOW;
  try {
    const file = openSync(draft, flags, 0o600);
    try {
      writeSync(file, text);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** The file holds one short line: a larger one is another's. */
const MAX_BYTES = 4 * 1024;

function readText(path: string): string | undefined {
  try {
    // A pipe at this path would block the open until somebody writes into it.
    const file = openSync(path, constants.O_RDONLY | NO_FOLLOW | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = fstatSync(file);
      const isSmallFile = stats.isFile() && stats.size <= MAX_BYTES;
      return isSmallFile ? readFileSync(file, 'utf8') : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined; // it is not there, or not for this user
  }
}
