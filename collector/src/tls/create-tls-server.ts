import type { ServerOptions } from 'node:http';
import { createServer } from 'node:https';
import type { FastifyServerFactory } from 'fastify';
import { type Certificate, MIN_TLS_VERSION } from './open-certificate.js';

/** The options that Fastify gives to a server of its own, which this one must not lack. */
interface FrameworkOptions {
  readonly http?: ServerOptions;
  readonly requestTimeout?: number;
  readonly keepAliveTimeout?: number;
  readonly connectionTimeout?: number;
}

/** How long a client may take for the handshake, in milliseconds. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Makes Fastify's server one that speaks TLS and follows the renewals of a certificate. */
export function createTlsServer(certificate: Certificate): FastifyServerFactory {
  return (handler, options: FrameworkOptions) => {
    const { http, requestTimeout, keepAliveTimeout, connectionTimeout = 0 } = options;
    const { cert, key } = certificate.pair;
    const server = createServer(
      {
        ...http,
        ...(requestTimeout !== undefined && { requestTimeout }),
        ...(keepAliveTimeout !== undefined && { keepAliveTimeout }),
        ...{ cert, key, minVersion: MIN_TLS_VERSION, handshakeTimeout: HANDSHAKE_TIMEOUT_MS },
      },
      handler,
    );
    server.setTimeout(connectionTimeout);
    certificate.renewFor(server);
    return server;
  };
}
