import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { SignInContent } from '../../web/page/sign-in-content.js';
import type { BrowserSessions } from '../access/browser-sessions.js';
import type { App } from '../app-types.js';
import { ERRORS, ProblemError } from '../errors.js';
import type { PageRoute } from './page-route.js';
import type { PageMaker } from './page-maker.js';

export interface SignInParts {
  readonly pages: Pick<PageMaker, 'send'>;
  readonly route: PageRoute;
  readonly signIn: Pick<BrowserSessions, 'startSession' | 'endSession'>;
  readonly basePath: string;
}

const MAX_PATH_CHARACTERS = 2000;
const MAX_TOKEN_CHARACTERS = 2000;

const signInForm = Type.Object({
  token: Type.Optional(Type.String({ maxLength: MAX_TOKEN_CHARACTERS })),
  next: Type.Optional(Type.String({ maxLength: MAX_PATH_CHARACTERS })),
});

const signInQuery = Type.Object({
  next: Type.Optional(Type.String({ maxLength: MAX_PATH_CHARACTERS })),
});

/** Why a token was not taken, as the page says it. */
const FAILURES: Partial<Record<string, SignInContent['failure']>> = {
  bad_token: 'wrong-token',
  rate_limited: 'too-many',
};

/** `/sign-in` and `/sign-out`, for people: a token becomes a session, and the session ends. */
export function registerSignInRoutes(
  app: App,
  { pages, route, signIn, basePath }: SignInParts,
): void {
  const sendForm = (
    request: FastifyRequest,
    reply: FastifyReply,
    next: string,
    failed?: { readonly failure: SignInContent['failure']; readonly status: number },
  ): Promise<FastifyReply> =>
    pages.send(request, reply, {
      status: failed?.status ?? 200,
      content: { page: 'sign-in', next: ownPath(next), failure: failed?.failure ?? null },
    });

  app.get(
    '/sign-in',
    { ...route, schema: { hide: true, querystring: signInQuery } },
    async (request, reply) => sendForm(request, reply, request.query.next ?? '/'),
  );
  app.post(
    '/sign-in',
    {
      ...route,
      schema: { hide: true, body: signInForm },
      // Without the form key of a session before: it is the token that counts.
      config: { level: 'public', credential: 'none', takesForms: true },
    },
    async (request, reply) => {
      const { token = '', next = '/' } = request.body;
      try {
        await signIn.startSession(request, reply, token.trim());
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        const failure = FAILURES[error.code];
        if (failure === undefined) throw error;
        return sendForm(request, reply, next, { failure, status: ERRORS[error.code].status });
      }
      return reply.redirect(basePath + ownPath(next), 303);
    },
  );
  app.post(
    '/sign-out',
    {
      ...route,
      schema: { hide: true, body: Type.Object({ form_key: Type.Optional(Type.String()) }) },
      config: { level: 'public', takesForms: true },
    },
    async (request, reply) => {
      await signIn.endSession(request, reply);
      return reply.redirect(`${basePath}/`, 303);
    },
  );
}

/** A path of this server. A link that somebody else has written must not lead to another host. */
function ownPath(next: string): string {
  const base = 'http://collector.invalid';
  if (!next.startsWith('/')) return '/';
  const url = URL.canParse(next, base) ? new URL(next, base) : undefined;
  if (url?.origin !== base || url.pathname.startsWith('//')) return '/';
  return url.pathname + url.search;
}
