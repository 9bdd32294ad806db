import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { App } from '../app-types.js';
import type { AccessConfig } from '../config.js';
import { ProblemError } from '../errors.js';

/** A browser may keep the answer to its preflight for this long, in seconds. */
const PREFLIGHT_LIFETIME_SECONDS = 24 * 60 * 60;

/**
 * What browsers may do with this server: show nothing of it in a frame, run nothing of it, and send
 * requests from pages of the listed origins alone.
 */
export async function registerBrowserRules(
  app: App,
  { hosts, corsOrigins }: Pick<AccessConfig, 'hosts' | 'corsOrigins'>,
): Promise<void> {
  if (hosts.length > 0) {
    // A page of another name that resolves to this machine has that name in `Host` (DNS rebinding).
    app.addHook('onRequest', ({ headers }, _reply, done) => {
      const isKnown = hosts.includes(hostName(headers.host ?? ''));
      const detail = 'Ask by a name that the collector is known under.';
      done(isKnown ? undefined : new ProblemError('wrong_host', detail));
    });
  }
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'frame-ancestors': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
      },
    },
    // Whether all of a domain speaks HTTPS is for its proxy to say.
    strictTransportSecurity: false,
    crossOriginResourcePolicy: corsOrigins.length === 0 || { policy: 'cross-origin' },
  });
  if (corsOrigins.length === 0) return;
  await app.register(cors, {
    origin: [...corsOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'content-encoding', 'if-none-match'],
    exposedHeaders: ['etag', 'retry-after', 'ratelimit', 'ratelimit-policy', 'x-request-id'],
    maxAge: PREFLIGHT_LIFETIME_SECONDS,
  });
}

/** The name in a `Host` header: without the port, in lower case. */
const hostName = (host: string): string => host.toLowerCase().replace(/:\d*$/, '');
