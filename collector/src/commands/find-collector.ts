import { statSync } from 'node:fs';
import { readFirst } from '../access/tokens.js';
import { readAddress, readDataFolder } from '../address-file.js';
import { ConfigError } from '../config.js';
import { OPTIONS } from '../config-options.js';
import { dataFolder } from '../data-folder.js';
import { secretFrom } from '../load-config.js';

/** What a command was told of the collector that is meant. */
export interface MeantCollector {
  readonly url?: string | undefined;
  /** Its data folder. */
  readonly data?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** Where it is, and how it is asked. */
export interface FoundCollector {
  readonly url: string;
  readonly token: string | undefined;
  /** Of its certificate, if it is known from its data folder. */
  readonly fingerprint?: string | undefined;
}

const DEFAULT_URL = `http://${OPTIONS.host.fallback}:${OPTIONS.port.fallback}`;

/**
 * The collector that is meant, and the token for it: that of the environment, else the first
 * administrator's in its data folder, which is sent to no other collector than the folder's own.
 *
 * @throws {@link ConfigError} if `data` is no folder.
 */
export function findCollector({ url: given, data, env }: MeantCollector): FoundCollector {
  const token =
    secretFrom('HEADCOUNT_TOKEN', env) || secretFrom(OPTIONS.adminToken.variable, env) || undefined;
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw new ConfigError(
      `HEADCOUNT_TOKEN or ${OPTIONS.adminToken.variable} has a character that no token has, such as a ` +
        'space or the end of a line. Set it anew.',
    );
  }
  if (given !== undefined) return { url: given, token };
  if (data !== undefined) checkFolder(dataFolder(data).path);
  const announced = data === undefined ? readAddress()?.url : undefined;
  const path =
    announced === undefined
      ? (data ?? (env[OPTIONS.data.variable] || OPTIONS.data.fallback))
      : readDataFolder(announced);
  const folder = path === undefined ? undefined : dataFolder(path);
  const own = folder === undefined ? undefined : readAddress(folder.address);
  const url = announced ?? own?.url ?? DEFAULT_URL;
  if (folder === undefined || own?.url !== url) return { url, token };
  const { fingerprint } = own;
  return { url, token: token ?? readFirst(folder.adminToken), fingerprint };
}

function checkFolder(path: string): void {
  if (isFolder(path)) return;
  throw new ConfigError(
    `There is no data folder at ${path}. Choose it with --data, or name the collector with --url.`,
  );
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false; // whatever is wrong with it, no collector's address can be read there
  }
}
