import { lookup } from 'node:dns';
import net, { type Socket } from 'node:net';
import process from 'node:process';
import { Readable } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { nodeFiles } from '../../platform/node-files.js';
import type { Network } from '../network/network.js';

const files = nodeFiles(() => undefined);

/** {@link Network} by Node's own modules. */
export const network: Omit<Network, 'after'> = {
  // Without TCP's keep-alive: a request ends long before its first probe, and wine refuses it.
  tcp: (host, port) => net.connect({ host, port, noDelay: true }),
  tls(socket, hostname, extraCa) {
    const tls = process.getBuiltinModule('node:tls'); // slow to load
    const isAddress = net.isIP(hostname) !== 0;
    return heedless(() =>
      tls.connect({
        socket,
        host: hostname,
        ...(!isAddress && { servername: hostname }),
        ALPNProtocols: ['http/1.1'],
        rejectUnauthorized: true,
        ...(extraCa !== undefined && trusting(extraCa)),
      }),
    );
  },
  request(socket, { method, path, headers }) {
    const { ClientRequest } = process.getBuiltinModule('node:http'); // slow to load
    // Not request(), which programs that watch an app replace, to add headers of theirs.
    return new ClientRequest({
      createConnection: () => socket,
      method,
      path,
      headers: [...headers],
    });
  },
  readable: (options) => new Readable(options),
  systemLookup: lookup,
  ipFamily: net.isIP,
  isInSubnet(address, subnet, bits) {
    const list = new net.BlockList();
    const type = (text: string): 'ipv4' | 'ipv6' => (net.isIP(text) === 6 ? 'ipv6' : 'ipv4');
    try {
      list.addSubnet(subnet, bits, type(subnet));
    } catch {
      return false; // not a subnet
    }
    return list.check(address, type(address));
  },
};

/**
 * Connects as if NODE_TLS_REJECT_UNAUTHORIZED were not set. Node would warn of it on the standard
 * error although certificates are checked here. Nothing else runs in this thread meanwhile.
 */
function heedless(connectTls: () => Socket): Socket {
  const { env } = process;
  const { NODE_TLS_REJECT_UNAUTHORIZED: given } = env;
  if (given === undefined) return connectTls();
  Reflect.deleteProperty(env, 'NODE_TLS_REJECT_UNAUTHORIZED');
  try {
    return connectTls();
  } finally {
    Reflect.set(env, 'NODE_TLS_REJECT_UNAUTHORIZED', given);
  }
}

/**
 * All that this process trusts, whichever flags and variables decide that, and further
 * certificates. The option `ca` would replace the former.
 */
function trusting(extraCa: string): Pick<ConnectionOptions, 'secureContext' | 'ca'> {
  const tls = process.getBuiltinModule('node:tls');
  const secureContext = tls.createSecureContext();
  // The cast: the types do not say what is in it. Node's own option `ca` calls this.
  const context = secureContext.context as CertificateStore | undefined;
  // Node.js 20 forgets those of NODE_EXTRA_CA_CERTS when a certificate is added.
  const added = [extraCa, ...extraCertificates()];
  if (typeof context?.addCACert !== 'function') return { ca: [...tls.rootCertificates, ...added] };
  for (const pem of added) context.addCACert(pem);
  return { secureContext };
}

/** Bun has none. */
interface CertificateStore {
  readonly addCACert?: (pem: string) => void;
}

function extraCertificates(): readonly string[] {
  try {
    const found = files.readAny(process.env.NODE_EXTRA_CA_CERTS ?? '');
    return found === undefined ? [] : [found];
  } catch {
    return []; // the runtime could not read the file either
  }
}
