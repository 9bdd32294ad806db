import type { FastifyReply, FastifyRequest } from 'fastify';

/** The cookie that a browser takes from this very host alone, by TLS, for all paths. */
const HOST_COOKIE = '__Host-headcount';

/** The cookie where that one cannot be: without TLS, or below a path. */
const PLAIN_COOKIE = 'headcount';

/** The cookie of sessions. */
export interface SessionCookie {
  /** The secret that a request brings; `undefined` without one, and where two say different things. */
  read(request: FastifyRequest): string | undefined;
  set(reply: FastifyReply, secret: string, expiresAt: Date): void;
  clear(reply: FastifyReply): void;
}

/** @param basePath - The path below which a proxy offers the collector. */
export function createSessionCookie(basePath: string, now: () => Date): SessionCookie {
  const path = basePath === '' ? '/' : basePath;
  const attributesOf = ({ protocol }: FastifyRequest) =>
    ({ path, httpOnly: true, sameSite: 'strict', secure: protocol === 'https' }) as const;
  const nameFor = ({ protocol }: FastifyRequest): string =>
    protocol === 'https' && path === '/' ? HOST_COOKIE : PLAIN_COOKIE;
  return {
    read: (request) => {
      // Without TLS too: so the collector asks itself for a page that was asked for by TLS.
      const secret = readOne(request, HOST_COOKIE);
      // Another host of the domain can set the plain name for this one.
      if (secret !== undefined || nameFor(request) === HOST_COOKIE) return secret;
      return readOne(request, PLAIN_COOKIE);
    },
    set: (reply, secret, expiresAt) => {
      const { request } = reply;
      const maxAge = Math.floor((expiresAt.getTime() - now().getTime()) / 1000);
      reply.setCookie(nameFor(request), secret, { ...attributesOf(request), maxAge });
    },
    clear: (reply) => {
      const { request } = reply;
      reply.clearCookie(nameFor(request), attributesOf(request));
    },
  };
}

/** As long as secrets are. */
const SECRET = /^[\w-]{43}$/;

function readOne({ cookies, headers }: FastifyRequest, name: string): string | undefined {
  const given = (headers.cookie ?? '')
    .split(';')
    .filter((one) => one.split('=')[0]?.trim() === name);
  // Of two, whoever could set one would choose which counts.
  if (new Set(given.map((one) => one.trim())).size > 1) return undefined;
  const secret = cookies[name];
  return secret !== undefined && SECRET.test(secret) ? secret : undefined;
}
