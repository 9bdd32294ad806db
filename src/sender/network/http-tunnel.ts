import type { Socket } from 'node:net';
import type { Network, Target } from './network.js';
import { credentialsOf } from './proxy-of.js';

/** A proxy has refused a connection. */
export class ProxyRefusal extends Error {
  readonly code: string;

  constructor(
    status: number,
    readonly retryAfter: string | undefined,
  ) {
    super(`the proxy answered ${status}`);
    this.code = this.message;
  }
}

/** A connection to a target by CONNECT (RFC 9110, section 9.3.6), over one to its proxy. */
export function httpTunnel(
  socket: Socket,
  { hostname, port }: Target,
  proxy: URL,
  network: Pick<Network, 'request' | 'ipFamily'>,
): Promise<Socket> {
  const host = network.ipFamily(hostname) === 6 ? `[${hostname}]:${port}` : `${hostname}:${port}`;
  const user = credentialsOf(proxy);
  const basic = user && Buffer.from(`${user.username}:${user.password}`).toString('base64');
  return new Promise((resolve, reject) => {
    const request = network.request(socket, {
      method: 'CONNECT',
      path: host,
      headers: [
        ...['host', host],
        ...['connection', 'keep-alive'],
        ...['proxy-connection', 'keep-alive'],
        ...(basic === undefined ? [] : ['proxy-authorization', `Basic ${basic}`]),
      ],
    });
    request.once('connect', ({ statusCode = 0, headers }, tunnel: Socket, early) => {
      if (statusCode < 200 || statusCode > 299) {
        tunnel.destroy();
        return reject(new ProxyRefusal(statusCode, headers['retry-after']));
      }
      if (early.length > 0) tunnel.unshift(early);
      resolve(tunnel);
    });
    request.once('error', reject);
    request.end();
  });
}
