import type { LookupFunction } from 'node:net';

/** What name resolution takes from the platform. */
export interface Names {
  /** The system's hosts file, or an empty text. */
  readonly hostsFile: () => string;
  /** Asks the name servers by c-ares. */
  readonly resolve: (hostname: string, family: 4 | 6) => Promise<string[]>;
}

/**
 * A `lookup` for sockets that never calls getaddrinfo: one that hangs holds the process for 10 s
 * at its exit, even from a thread nobody waits for (ADR 0001). The hosts file is asked first, then
 * the name servers; a name that neither knows is left to the sending process.
 */
export function createLookup(names: Names): LookupFunction {
  return (hostname, options, callback) => {
    const wanted = options.family === 6 || options.family === 'IPv6' ? 6 : options.family;
    resolveName(hostname, names)
      .then((found) => {
        const fitting = found.filter(({ family }) => !wanted || family === wanted);
        const [first] = fitting;
        if (!first)
          throw Object.assign(new Error(`no address of ${hostname}`), { code: 'ENOTFOUND' });
        if (options.all) callback(null, fitting);
        else callback(null, first.address, first.family);
      })
      .catch((error: NodeJS.ErrnoException) => callback(error, []));
  };
}

interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

async function resolveName(hostname: string, names: Names): Promise<Address[]> {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  const known = inHostsFile(name, names.hostsFile());
  if (known.length > 0) return known;
  if (name === 'localhost' || name.endsWith('.localhost')) {
    return [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ]; // RFC 6761, section 6.3
  }
  const ask = async (family: 4 | 6): Promise<Address[]> =>
    (await names.resolve(hostname, family)).map((address) => ({ address, family }));
  const [v4, v6] = await Promise.allSettled([ask(4), ask(6)]);
  const found = [v4, v6].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (found.length === 0 && v4.status === 'rejected') throw v4.reason;
  return found;
}

function inHostsFile(name: string, text: string): Address[] {
  return text.split('\n').flatMap((line) => {
    const [address, ...hosts] = line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/);
    if (!address || !hosts.includes(name)) return [];
    return [{ address, family: address.includes(':') ? (6 as const) : (4 as const) }];
  });
}
