import type { Socket } from 'node:net';
import { Socks5Client } from 'undici/lib/core/socks5-client.js';
import { networkFault, type Target } from './network.js';
import { credentialsOf } from './proxy-of.js';

/** A connection to a target by SOCKS5 (RFC 1928). The proxy resolves the target's name. */
export const socksTunnel = (
  socket: Socket,
  { hostname, port }: Target,
  proxy: URL,
): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const client = new Socks5Client(socket, credentialsOf(proxy));
    client.once('authenticated', () => client.connect(hostname, port));
    client.once('connected', () => resolve(socket));
    client.once('close', () => reject(networkFault('ECONNRESET')));
    client.on('error', reject);
    client.handshake();
  });
