import type { Processes } from '../platform/platform.js';
import { isRecord } from '../type-guards.js';
import { MAX_PID } from '../ranges.js';
import type { Endpoint } from './endpoint.js';
import { parseEndpoint } from './parse-endpoint.js';

/** What the search takes from the platform. */
export interface LocalCollectorPlatform {
  readonly processes: Pick<Processes, 'isAlive'>;
  /** A small file's text; `undefined` if somebody else may have written it. Never throws. */
  readonly readOwnFile: (path: string) => string | undefined;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The endpoint of the collector that left its address in this file; `undefined` if the file may be
 * another user's, names no address on this machine, or is of a collector that has ended.
 */
export function localCollector(
  file: string,
  { readOwnFile, processes }: LocalCollectorPlatform,
): Endpoint | undefined {
  const { url, pid } = parse(readOwnFile(file));
  if (typeof url !== 'string' || !isLocalOrigin(url)) return undefined;
  // To a pid of 0 or less, a signal goes to a group of processes.
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1 || pid > MAX_PID) {
    return undefined;
  }
  const endpoint = parseEndpoint(url);
  if (typeof endpoint === 'string' || !processes.isAlive(pid)) return undefined;
  return { ...endpoint, foundIn: file };
}

function parse(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text ?? 'null');
    return isRecord(json) ? json : {};
  } catch {
    return {}; // not written by a collector
  }
}

/** Whether it is `http://`, a loopback host and a port, and nothing else. */
function isLocalOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, origin, href } = new URL(text);
  return protocol === 'http:' && LOOPBACK.test(hostname) && href === `${origin}/`;
}
