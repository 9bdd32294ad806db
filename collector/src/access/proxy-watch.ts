import type { FastifyRequest } from 'fastify';
import { DAY_MS } from '../rules/day.js';
import { createProxyTrust, readAddress } from './client-address.js';
import { isForwarded } from './is-forwarded.js';

export interface ProxyWatchParts {
  /** The proxies that the operator has named. */
  readonly trustedProxies: readonly string[];
  readonly now: () => Date;
}

/** Notices proxies whose clients cannot be told apart. It keeps no address. */
export interface ProxyWatch {
  observe(request: FastifyRequest): void;
  /** What was seen in the last 24 hours; `undefined` if nothing was. */
  seen(): SeenProxies | undefined;
}

/** Requests of proxies whose clients cannot be told apart. */
export interface SeenProxies {
  readonly since: Date;
  readonly requests: number;
  readonly causes: readonly SeenCause[];
}

/** What is wrong with some of them. */
export interface SeenCause {
  readonly kind: Cause;
  readonly since: Date;
  readonly requests: number;
  /** What is wrong, since when, and what to do. */
  readonly text: string;
}

/** What was not seen again for so long is over, in milliseconds. */
const TOLD_MS = DAY_MS;

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
export function createProxyWatch({ trustedProxies, now }: ProxyWatchParts): ProxyWatch {
  const isProxy = createProxyTrust(trustedProxies);
  const seen = new Map<Cause, { readonly since: Date; last: Date; requests: number }>();

  const causeOf = ({ headers, socket }: FastifyRequest): Cause | undefined => {
    const list = headers['x-forwarded-for'];
    const isUnnamed = socket.remoteAddress === undefined || !isProxy(socket.remoteAddress);
    if (isUnnamed) return list === undefined ? undefined : 'unnamed';
    // Without any such header, it may be the proxy's own check of /health.
    if (!isForwarded(headers)) return undefined;
    const hasAddress = String(list ?? '')
      .split(',')
      .some((text) => readAddress(text) !== undefined);
    return hasAddress ? undefined : 'unreadable';
  };

  const recent = (): typeof seen => {
    for (const [cause, { last }] of seen) {
      if (now().getTime() - last.getTime() >= TOLD_MS) seen.delete(cause);
    }
    return seen;
  };

  return {
    observe: (request) => {
      const cause = causeOf(request);
      if (cause === undefined) return;
      const at = now();
      const before = recent().get(cause);
      if (before === undefined) seen.set(cause, { since: at, last: at, requests: 1 });
      else {
        before.last = at;
        before.requests += 1;
      }
    },
    seen: () => {
      const all = [...recent()];
      if (all.length === 0) return undefined;
      const causes = all.map(([kind, { since, requests }]): SeenCause => {
        const times = requests === 1 ? 'once' : `${requests} times`;
        const text = `Since ${since.toISOString()}, ${times}: ${CAUSES[kind]}.`;
        return { kind, since, requests, text };
      });
      return {
        since: new Date(Math.min(...all.map(([, { since }]) => since.getTime()))),
        requests: all.reduce((sum, [, { requests }]) => sum + requests, 0),
        causes,
      };
    },
  };
}
