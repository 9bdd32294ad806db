import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { createProxyTrust, readAddress } from './client-address.js';

export interface ProxyWatchParts {
  /** The proxies that the operator has named. */
  readonly trustedProxies: readonly string[];
  readonly logger: Pick<Logger, 'warn'>;
  readonly now: () => Date;
}

/** Notices proxies whose clients cannot be told apart. It keeps no address. */
export interface ProxyWatch {
  observe(request: FastifyRequest): void;
  /** What is wrong, since when, and what to do; `undefined` if nothing was seen. */
  reason(): string | undefined;
}

const CAUSES = {
  unnamed:
    'requests with X-Forwarded-For come from an address that HEADCOUNT_TRUSTED_PROXIES does not ' +
    'name. If it is your proxy, name it there: until then, all its clients share one limit. If you ' +
    'have no proxy, clients write the header themselves, and it is ignored',
  unreadable:
    'a proxy that HEADCOUNT_TRUSTED_PROXIES names sends no X-Forwarded-For with an address in it. ' +
    'Let it send one: until then, all its clients share one limit',
};

type Cause = keyof typeof CAUSES;

/** Creates the watch. */
export function createProxyWatch({ trustedProxies, logger, now }: ProxyWatchParts): ProxyWatch {
  const isProxy = createProxyTrust(trustedProxies);
  const seen = new Map<Cause, { readonly since: Date; requests: number }>();

  const causeOf = ({ headers, socket }: FastifyRequest): Cause | undefined => {
    const list = headers['x-forwarded-for'];
    const isUnnamed = socket.remoteAddress === undefined || !isProxy(socket.remoteAddress);
    if (isUnnamed) return list === undefined ? undefined : 'unnamed';
    const isForwarded = list !== undefined || FORWARDED.some((name) => headers[name] !== undefined);
    // Without any such header, it may be the proxy's own check of /health.
    if (!isForwarded) return undefined;
    const hasAddress = String(list ?? '')
      .split(',')
      .some((text) => readAddress(text) !== undefined);
    return hasAddress ? undefined : 'unreadable';
  };

  return {
    observe: (request) => {
      const cause = causeOf(request);
      if (cause === undefined) return;
      const before = seen.get(cause);
      if (before !== undefined) {
        before.requests += 1;
        return;
      }
      seen.set(cause, { since: now(), requests: 1 });
      // Where proxies are named, anybody could fill the log by writing the header.
      if (cause !== 'unnamed' || trustedProxies.length === 0) logger.warn(CAUSES[cause]);
    },
    reason: () => {
      const told = [...seen].map(([cause, { since, requests }]) => {
        const times = requests === 1 ? 'once' : `${requests} times`;
        return `Since ${since.toISOString()}, ${times}: ${CAUSES[cause]}.`;
      });
      return told.length === 0 ? undefined : told.join(' ');
    },
  };
}

/** Headers other than X-Forwarded-For that say that a proxy has passed on a request. */
const FORWARDED = ['forwarded', 'x-real-ip', 'via', 'x-forwarded-proto', 'x-forwarded-host'];
