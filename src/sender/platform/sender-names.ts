import { Resolver } from 'node:dns/promises';
import process from 'node:process';
import { nodeFiles } from '../../platform/node-files.js';
import type { Names } from '../resolve-name.js';

const NAME_SERVER_TIMEOUT_MS = 1_500;
/** A hosts file may be a list of all the hosts that somebody does not want to reach. */
const MAX_HOSTS_BYTES = 16 * 1024 * 1024;
const MAX_RESOLVER_BYTES = 64 * 1024;
const files = nodeFiles(() => '');

/** The hosts file and the name servers, by c-ares: nothing of it waits for getaddrinfo. */
export const names: Names = {
  hostsFile: () =>
    textOf(
      process.platform === 'win32'
        ? `${process.env.SYSTEMROOT ?? 'C:\\Windows'}\\System32\\drivers\\etc\\hosts`
        : '/etc/hosts',
      MAX_HOSTS_BYTES,
    ),
  resolverFile: () => textOf('/etc/resolv.conf', MAX_RESOLVER_BYTES),
  resolve: (hostname, family) => ask(newResolver(), hostname, family),
};

/** {@link names} for the host's own thread, which an open question to a name server would hold. */
export interface HeldNames extends Names {
  /** Whether the process is held anyway. Where it is let go, all open questions are given up. */
  hold(held: boolean): void;
}

/** See {@link HeldNames}: the name servers are asked only while the process is held. */
export function heldNames(): HeldNames {
  const asking = new Set<Resolver>();
  let isHeld = false;
  return {
    ...names,
    async resolve(hostname, family) {
      if (!isHeld) throw new Error('a question to a name server would hold the process');
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

/** A file of the system's. One that cannot be read is none: the name servers are asked. */
function textOf(file: string, maxBytes: number): string {
  try {
    return (files.stat(file)?.bytes ?? 0) > maxBytes ? '' : (files.read(file) ?? '');
  } catch {
    return '';
  }
}
