import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '../errors.js';
import { isRecord } from '../is-record.js';
import type { Caller } from './caller.js';
import type { TokenCheck } from './token-check.js';
import { formKeyOf, isFormKey } from './form-key.js';
import { isFromOtherPage, isFromOwnPage, isReadByOwnPage, isReading } from './request-origin.js';
import { createSessionCookie } from './session-cookie.js';
import type { FoundSession, Sessions } from './sessions.js';

/** The session of a request, for what is answered to it. */
export interface BrowserSession {
  /** The ID that lists show, which opens nothing. */
  readonly id: string;
  /** Whose token it stands for. */
  readonly caller: Caller;
  readonly expiresAt: Date;
  /** What every form of a page brings as `form_key`, and every script as `Headcount-Form-Key`. */
  readonly formKey: string;
}

/** Signing in and out in a browser, by a cookie. */
export interface BrowserSessions {
  /**
   * Begins a session and sets its cookie. The one that the request came with ends.
   *
   * @throws `ProblemError` `cross_origin`, `bad_token` or `rate_limited`
   */
  startSession(
    request: FastifyRequest,
    reply: FastifyReply,
    token: string,
  ): Promise<BrowserSession>;
  /**
   * Ends the session of a request, if it has one, and takes its cookie back.
   *
   * @throws `ProblemError` `cross_origin`, also without a session: browsers keep the cookie to
   * themselves when a page of another site sends the request, and would still obey the answer.
   */
  endSession(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /**
   * The session of a request; `undefined` without one, with `Authorization`, and for a request that
   * a page of another origin has sent.
   */
  sessionOf(request: FastifyRequest): BrowserSession | undefined;
  /**
   * Why a request that changes something is not one of the session's own pages: `cross_origin` or
   * `form_key_required`. `undefined` if it is, and without a session. Hooks ask this for every route;
   * see `protectSessions()`.
   */
  forgeryOf(request: FastifyRequest): ProblemError | undefined;
}

export interface BrowserSessionsParts {
  readonly sessions: Pick<Sessions, 'start' | 'find' | 'end'>;
  readonly tokens: Pick<TokenCheck, 'find'>;
  /** The path below which a proxy offers the collector. */
  readonly basePath: string;
  readonly now: () => Date;
  /** Counts a token that is not valid. @throws `rate_limited` */
  readonly badToken: (request: FastifyRequest, reply: FastifyReply) => void;
}

/** The header of the form key, for scripts. */
export const FORM_KEY_HEADER = 'headcount-form-key';

/** The name of the form key in a form. */
const FORM_KEY_FIELD = 'form_key';

const CROSS_ORIGIN =
  'Only pages of this collector may do this. Behind a proxy, name it in --trusted-proxies, and let ' +
  'it pass Host and X-Forwarded-Proto on.';

/** A token is shorter: a longer text is refused before it is hashed. */
const MAX_TOKEN_CHARACTERS = 512;

/** Creates what browsers sign in by. */
export function createBrowserSessions(parts: BrowserSessionsParts): BrowserSessions {
  const { sessions, tokens, badToken } = parts;
  const cookie = createSessionCookie(parts.basePath, parts.now);

  const find = (request: FastifyRequest): (FoundSession & { secret: string }) | undefined => {
    if (!takesCookie(request)) return undefined;
    const secret = cookie.read(request);
    const found = secret === undefined ? undefined : sessions.find(secret);
    return found && secret !== undefined ? { ...found, secret } : undefined;
  };
  const toSession = ({ view, caller }: FoundSession, secret: string): BrowserSession => ({
    id: view.id,
    caller,
    expiresAt: new Date(view.expires_at),
    formKey: formKeyOf(secret),
  });
  return {
    startSession: async (request, reply, token) => {
      if (!isFromOwnPage(request)) throw new ProblemError('cross_origin', CROSS_ORIGIN);
      const caller = token.length <= MAX_TOKEN_CHARACTERS ? tokens.find(token) : undefined;
      if (caller === undefined) {
        badToken(request, reply);
        throw new ProblemError('bad_token', 'The token is unknown, was revoked, or has expired.');
      }
      const before = cookie.read(request);
      const replaced = before === undefined ? undefined : sessions.find(before)?.view.id;
      const { secret, view } = await sessions.start(caller, replaced);
      const session = toSession({ view, caller: { ...caller, session: view.id } }, secret);
      cookie.set(reply, secret, session.expiresAt);
      return session;
    },
    endSession: async (request, reply) => {
      if (isFromOtherPage(request)) throw new ProblemError('cross_origin', CROSS_ORIGIN);
      cookie.clear(reply);
      const found = find(request);
      if (found !== undefined) await sessions.end(found.caller.id ?? '', found.view.id);
    },
    sessionOf: (request) => {
      const isOwn = isReading(request) ? isReadByOwnPage(request) : isFromOwnPage(request);
      const found = isOwn ? find(request) : undefined;
      return found && toSession(found, found.secret);
    },
    forgeryOf: (request) => {
      const found = find(request);
      if (found === undefined) return undefined;
      if (!isFromOwnPage(request)) return new ProblemError('cross_origin', CROSS_ORIGIN);
      const key = formKeyIn(request);
      if (key !== undefined && isFormKey(key, found.secret)) return undefined;
      return new ProblemError(
        'form_key_required',
        'Send the form_key of GET /v1/session as Headcount-Form-Key, or sign in again.',
      );
    },
  };
}

/** Whether a cookie can mean anything to a request. `Authorization` is what the sender has chosen. */
const takesCookie = ({ headers, routeOptions }: FastifyRequest): boolean => {
  const { credential = 'token' } = routeOptions.config;
  const isRead = ['token', 'owner', 'session'].includes(credential);
  return headers.authorization === undefined && isRead;
};

function formKeyIn({ headers, body }: FastifyRequest): string | undefined {
  const header = headers[FORM_KEY_HEADER];
  if (header !== undefined) return typeof header === 'string' ? header : undefined;
  const field = isRecord(body) ? body[FORM_KEY_FIELD] : undefined;
  return typeof field === 'string' ? field : undefined;
}
