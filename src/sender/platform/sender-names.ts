import { Resolver } from 'node:dns/promises';
import process from 'node:process';
import { nodeFiles } from '../../platform/node-files.js';
import type { Names } from '../resolve-name.js';
import { windowsFolder } from './windows-folder.js';

const NAME_SERVER_TIMEOUT_MS = 1_500;
/** A hosts file may be a large block list. */
const MAX_HOSTS_BYTES = 16 * 1024 * 1024;
const MAX_RESOLVER_BYTES = 64 * 1024;
const files = nodeFiles(() => undefined);

/** The hosts file and the name servers, by c-ares: getaddrinfo is never called. */
export const names: Names = {
  hostsFile: () =>
    textOf(
      process.platform === 'win32'
        ? `${windowsFolder(process.env)}\\System32\\drivers\\etc\\hosts`
        : '/etc/hosts',
      MAX_HOSTS_BYTES,
    ),
  resolverFile: () => textOf('/etc/resolv.conf', MAX_RESOLVER_BYTES),
  resolve: (hostname, family) => ask(newResolver(), hostname, family),
};

/** {@link names} for the host's thread, which a pending question would keep alive. */
export interface HeldNames extends Names {
  /** Tells whether something else keeps the process alive. If not, cancels pending questions. */
  hold(held: boolean): void;
}

/** See {@link HeldNames}. Asks name servers only while the process is kept alive. */
export function heldNames(): HeldNames {
  const asking = new Set<Resolver>();
  let isHeld = false;
  return {
    ...names,
    async resolve(hostname, family) {
      if (!isHeld) throw new Error('a question to a name server would keep the process alive');
      const resolver = newResolver();
      asking.add(resolver);
      try {
        return await ask(resolver, hostname, family);
      } finally {
        asking.delete(resolver);
      }
    },
    hold(held) {
      isHeld = held;
      if (!held) for (const resolver of asking) resolver.cancel();
    },
  };
}

const newResolver = (): Resolver => new Resolver({ timeout: NAME_SERVER_TIMEOUT_MS, tries: 2 });

const ask = (resolver: Resolver, hostname: string, family: 4 | 6): Promise<string[]> =>
  family === 4 ? resolver.resolve4(hostname) : resolver.resolve6(hostname);

/** A system file, or an empty text if it cannot be read: then the name servers are asked. */
function textOf(file: string, maxBytes: number): string {
  try {
    const text = files.readAny(file) ?? '';
    return text.length > maxBytes ? '' : text;
  } catch {
    return '';
  }
}
