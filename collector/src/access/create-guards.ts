import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { AccessConfig } from '../config.js';
import { bearerToken } from './bearer-token.js';
import { createClientKeys, isLoopback } from './client-keys.js';
import type { Guards } from './guards.js';
import { limitRequests, type KeyOf } from './limit-requests.js';
import { createRateLimiter } from './rate-limiter.js';
import { requireAdmin } from './require-admin.js';
import { hashSecret } from './secret.js';

/** How often a client may ask for, or delete, what is kept of an ID, each minute. */
const USERS_PER_MINUTE = 60;

/** How often a client may ask as the administrator, each minute. */
const ADMIN_PER_MINUTE = 300;

type Limits = Omit<AccessConfig, 'projects' | 'maxProjects'>;

/** Who may do what how often, for each kind of request. */
export interface AllGuards {
  readonly reports: Guards;
  readonly stats: Guards;
  readonly users: Guards;
  readonly admin: Guards;
  /** What a client from elsewhere is counted under; `undefined` for this machine. */
  readonly clientOf: KeyOf;
}

/** Creates the guards. They keep their counts in memory, under hashes. */
export function createGuards(config: Limits, logger: Logger): AllGuards {
  const nowMs = (): number => performance.now();
  const keyOfAddress = createClientKeys(nowMs);
  const limit = (name: string, requests: number, keyOf: KeyOf): Guards => {
    if (requests === 0) return [];
    const limiter = createRateLimiter({ name, requests, windowSeconds: 60 }, nowMs);
    return [limitRequests(limiter, keyOf)];
  };
  // This machine's own address is that of a proxy, or of whoever runs the collector.
  const clientOf: KeyOf = (request) => {
    const address = addressOf(request);
    return isLoopback(address) ? undefined : keyOfAddress(address);
  };
  return {
    reports: [
      warnOfProxy(config, logger),
      ...limit('address', config.rateLimit, clientOf),
      ...limit('key', config.keyRateLimit, ({ headers }) => {
        const key = bearerToken(headers);
        return key === undefined ? undefined : hashSecret(key).toString('base64');
      }),
    ],
    stats: limit('stats', config.statsRateLimit, clientOf),
    users: limit('users', USERS_PER_MINUTE, (request) => keyOfAddress(addressOf(request))),
    admin: [
      ...limit('admin', ADMIN_PER_MINUTE, (request) => keyOfAddress(addressOf(request))),
      requireAdmin(config.adminToken),
    ],
    clientOf,
  };
}

/** A client that is gone already has no address any more, whatever the type says. */
function addressOf(request: FastifyRequest): string {
  const ip: string | undefined = request.ip;
  return ip ?? '';
}

/** Behind a proxy that nobody has named, all clients share one limit: say so, once. */
function warnOfProxy({ trustedProxies, rateLimit }: Limits, logger: Logger): Guards[number] {
  let warned = trustedProxies.length > 0 || rateLimit === 0;
  return ({ headers }: FastifyRequest) => {
    if (!warned && headers['x-forwarded-for'] !== undefined) {
      warned = true;
      logger.warn(
        'requests come through a proxy that HEADCOUNT_TRUSTED_PROXIES does not name: its clients are limited as one',
      );
    }
    return Promise.resolve();
  };
}
