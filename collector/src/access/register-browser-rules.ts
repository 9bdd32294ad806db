import cors, { type FastifyCorsOptions } from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { FastifyRequest } from 'fastify';
import type { App } from '../app-types.js';
import type { AccessConfig } from '../config.js';
import { ProblemError } from '../errors.js';

/** A browser may keep the answer to its preflight for this long, in seconds. */
const PREFLIGHT_LIFETIME_SECONDS = 24 * 60 * 60;

/** The headers of answers that pages of other origins may read. */
const EXPOSED_HEADERS = [
  ...['etag', 'retry-after', 'ratelimit', 'ratelimit-policy', 'x-request-id'],
  ...['headcount-as-of', 'headcount-timezone', 'headcount-unusual', 'headcount-merged'],
  'headcount-coverage',
  'headcount-invented',
];

/**
 * What monitors ask, such as a kubelet or Prometheus, by the address of a pod. Without a token, which
 * a page of another name has not, they tell nothing of people or of the machine.
 */
const MONITORED: ReadonlySet<string | undefined> = new Set([
  ...['/livez', '/readyz', '/health', '/metrics'],
]);

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
    app.addHook('onRequest', ({ headers, routeOptions }, _reply, done) => {
      const isKnown =
        MONITORED.has(routeOptions.url) || hosts.includes(hostName(headers.host ?? ''));
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
    // To other origins nothing. Browsers would otherwise hide from the collector that its own form was sent.
    referrerPolicy: { policy: 'same-origin' },
    // Whether all of a domain speaks HTTPS is for its proxy to say.
    strictTransportSecurity: false,
    crossOriginResourcePolicy: corsOrigins.length === 0 || { policy: 'cross-origin' },
  });
  if (corsOrigins.length === 0) return;
  app.addHook('onRequest', (request, reply, done) => {
    if (isPrivateNetworkAsked(request, corsOrigins)) {
      reply.header('access-control-allow-private-network', 'true');
    }
    done();
  });
  await app.register(cors, () => (request: FastifyRequest, done: CorsCallback) => {
    done(null, {
      // Answers to other pages say nothing about origins.
      origin: corsOrigins.includes(request.headers.origin ?? '') && [...corsOrigins],
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      allowedHeaders: ['authorization', 'content-type', 'content-encoding', 'if-none-match'],
      exposedHeaders: EXPOSED_HEADERS,
      maxAge: PREFLIGHT_LIFETIME_SECONDS,
      // Beacons always come with credentials, which mean nothing here. Elsewhere a page must not
      // read by the cookies that a proxy has set for its user.
      credentials: takesReports(request),
      // OPTIONS without the headers of a preflight is no mistake.
      strictPreflight: false,
    });
  });
}

type CorsCallback = (error: Error | null, options?: FastifyCorsOptions) => void;

/**
 * Chromium asks this before a page of a public address reaches a private one or this machine
 * (https://wicg.github.io/private-network-access/).
 */
const isPrivateNetworkAsked = (
  { method, headers }: FastifyRequest,
  corsOrigins: readonly string[],
): boolean =>
  method === 'OPTIONS' &&
  headers['access-control-request-private-network'] === 'true' &&
  corsOrigins.includes(headers.origin ?? '');

const REPORT_PATHS = ['/v1/reports', '/statistics'];

function takesReports({ url }: FastifyRequest): boolean {
  const [path = '', query = ''] = url.split('?', 2);
  const isRoot = path === '/' && query.includes('action=');
  return isRoot || REPORT_PATHS.includes(path.replace(/\/$/, ''));
}

/** The name in a `Host` header: without the port, in lower case. */
const hostName = (host: string): string => host.toLowerCase().replace(/:\d*$/, '');
