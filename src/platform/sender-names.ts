import dns from 'node:dns/promises';
import fs from 'node:fs';
import process from 'node:process';
import type { Names } from '../delivery/resolve-name.js';

const NAME_SERVER_TIMEOUT_MS = 1_500;

/** The hosts file and the name servers, by c-ares: nothing of it waits for getaddrinfo. */
export const names: Names = {
  hostsFile() {
    const file =
      process.platform === 'win32'
        ? `${process.env.SYSTEMROOT ?? 'C:\\Windows'}\\System32\\drivers\\etc\\hosts`
        : '/etc/hosts';
    try {
      return fs.readFileSync(file, 'utf8');
    } catch {
      return ''; // the name servers are asked
    }
  },
  resolve(hostname, family) {
    const resolver = new dns.Resolver({ timeout: NAME_SERVER_TIMEOUT_MS, tries: 2 });
    return family === 4 ? resolver.resolve4(hostname) : resolver.resolve6(hostname);
  },
};
