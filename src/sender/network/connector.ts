import type { LookupAddress } from 'node:dns';
import type { LookupFunction, Socket } from 'node:net';
import type { Env } from '../../platform/platform.js';
import { type Network, networkFault, type Target, targetOf } from './network.js';
import { httpTunnel } from './http-tunnel.js';
import { chooseProxy } from './proxy-of.js';
import { type Address, raceAddresses } from './race-addresses.js';

/** How connections are made. */
export interface ConnectorOptions {
  readonly env: Env;
  /** Resolves all names but `localhost`. */
  readonly lookup: LookupFunction;
  /** Certificates to trust besides those that the host trusts, on the way to a URL, as PEM. */
  readonly extraCa: (url: URL) => string | undefined;
  /** Whether a connection may keep the process alive. False in the host's thread. */
  readonly holdsProcess: boolean;
}

/** Makes the connections of a sender, for every HTTP client in it. */
export interface Connector {
  /** A connection to the host of a URL, directly or through a proxy, and TLS where it is https. */
  connect(url: URL): Promise<Socket>;
  /** Ends all connections. */
  close(): void;
}

/** A proxy or a server that says nothing more is given up. */
const SETUP_TIMEOUT_MS = 10_000;
const SOCKS_PORT = 1080;

/**
 * See {@link Connector}. All sockets of a sender are made here, so that names, proxies,
 * certificates and time limits are the same for undici and for Node's own client (ADR 0023).
 */
export function createConnector(options: ConnectorOptions, network: Network): Connector {
  const sockets = new Set<Socket>();

  async function open(url: URL, made: Made): Promise<Socket> {
    const target = targetOf(url);
    const chosen = chooseProxy(options.env, url, network);
    const ca = options.extraCa(url);
    if (!chosen) return secured(await tcp(target, made), target, ca, made);
    const { proxy, variable } = chosen;
    // Never directly: that would show the address which the user wants to hide.
    if (!proxy) throw networkFault(`the proxy in ${variable} is not supported`);
    const isSocks = proxy.protocol.startsWith('socks');
    const way = targetOf(proxy, isSocks ? SOCKS_PORT : undefined);
    const toProxy = await secured(await tcp(way, made), way, ca, made);
    const tunnel = isSocks
      ? await (await import('./socks-tunnel.js')).socksTunnel(toProxy, target, proxy)
      : await httpTunnel(toProxy, target, proxy, network);
    return secured(tunnel, target, ca, made);
  }

  async function tcp({ hostname, port }: Target, made: Made): Promise<Socket> {
    const addresses = await addressesOf(hostname, options.lookup, network);
    return raceAddresses(addresses, (address) => made(network.tcp(address, port)), network);
  }

  async function secured(
    socket: Socket,
    { hostname, isTls }: Target,
    ca: string | undefined,
    made: Made,
  ): Promise<Socket> {
    if (!isTls) return socket;
    const secure = made(network.tls(socket, hostname, ca));
    await once(secure, 'secureConnect');
    return secure;
  }

  return {
    async connect(url) {
      const own: Socket[] = [];
      const cancel = network.after(SETUP_TIMEOUT_MS, () => {
        for (const socket of own) socket.destroy(networkFault('ETIMEDOUT'));
      });
      try {
        return await open(url, (socket) => {
          own.push(socket);
          sockets.add(socket);
          socket.once('close', () => sockets.delete(socket));
          if (!options.holdsProcess) socket.unref();
          return socket;
        });
      } catch (error) {
        for (const socket of own) socket.destroy();
        throw error;
      } finally {
        cancel();
      }
    },
    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Takes note of each socket that is made. */
type Made = (socket: Socket) => Socket;

/** Never asks for `localhost`: a name server could lead it elsewhere. */
async function addressesOf(
  hostname: string,
  lookup: LookupFunction,
  network: Network,
): Promise<Address[]> {
  const family = network.ipFamily(hostname);
  if (family !== 0) return [{ address: hostname, family }];
  if (hostname.toLowerCase() === 'localhost') {
    return [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ];
  }
  return new Promise((resolve, reject) => {
    lookup(hostname, { all: true }, (error, found) => {
      if (error) reject(error);
      // The cast: the option `all` asks for a list.
      else resolve(found as unknown as LookupAddress[]);
    });
  });
}

/** Rejects with the socket's error, or when it is closed before the event. */
function once(socket: Socket, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve());
    socket.on('error', reject);
    socket.once('close', () => reject(networkFault('ECONNRESET')));
  });
}
