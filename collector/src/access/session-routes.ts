import { Type } from 'typebox';
import type { App } from '../app-types.js';
import type { Access } from './access.js';
import type { BrowserSession, BrowserSessions } from './browser-sessions.js';
import type { Caller } from './caller.js';

const nullable = (schema: ReturnType<typeof Type.String>) => Type.Union([schema, Type.Null()]);

/** The answer to `GET` and `POST /v1/session`. */
export const sessionSchema = Type.Object(
  {
    level: Type.Enum(['public', 'restricted', 'developer', 'administrator']),
    name: Type.Union([Type.String(), Type.Null()], {
      description: 'The name of the token; null without one',
    }),
    project: Type.Union([Type.String(), Type.Null()], {
      description: 'The one project that it opens; null: all of them',
    }),
    expires_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description: 'When the session ends; null without one',
    }),
    form_key: nullable(
      Type.String({
        description:
          'What each request of the session that changes something brings, as `Headcount-Form-Key` ' +
          'or in the field `form_key` of a form; null without a session',
      }),
    ),
  },
  { additionalProperties: false },
);

const general = { tags: ['server'] };
const headers = { 'cache-control': 'no-store' };

interface SessionParts {
  readonly access: Pick<Access, 'callerOf'>;
  readonly signIn: BrowserSessions;
}

/** `/v1/session`: signing in and out in a browser. */
export function registerSessionRoutes(app: App, { access, signIn }: SessionParts): void {
  app.get(
    '/v1/session',
    {
      schema: {
        ...general,
        summary: 'Who one is here: the level of the session or token',
        response: { 200: sessionSchema },
      },
      config: { level: 'public', headers },
    },
    (request, reply) => {
      reply.headers(headers);
      return describe(access.callerOf(request), signIn.sessionOf(request));
    },
  );
  app.post(
    '/v1/session',
    {
      schema: {
        ...general,
        summary: 'Sign in by a token; sets the cookie of the session',
        description:
          'For pages of the collector itself: a request that comes from another origin, or does not ' +
          'say where it comes from, is refused. Programs send the token with each request instead.',
        body: Type.Object({ token: Type.String() }, { additionalProperties: false }),
        response: { 200: sessionSchema },
      },
      config: {
        level: 'public',
        credential: 'none',
        takesForms: true,
        headers: { ...headers, 'set-cookie': 'The cookie of the session' },
        problems: ['bad_token', 'cross_origin', 'rate_limited'],
      },
    },
    async (request, reply) => {
      const session = await signIn.startSession(request, reply, request.body.token);
      return reply.headers(headers).send(describe(session.caller, session));
    },
  );
  app.delete(
    '/v1/session',
    {
      schema: {
        ...general,
        summary: 'Sign out; takes the cookie back',
        response: { 204: Type.Null({ description: 'The session has ended, if there was one' }) },
      },
      config: {
        level: 'public',
        headers: { 'set-cookie': 'The cookie without a value, which has expired' },
        problems: ['disk_full'],
      },
    },
    async (request, reply) => {
      await signIn.endSession(request, reply);
      return reply.code(204).send(null);
    },
  );
}

const describe = ({ id, level, name, project }: Caller, session: BrowserSession | undefined) => ({
  ...{ level, project },
  name: id === null ? null : name,
  expires_at: session?.expiresAt.toISOString() ?? null,
  form_key: session?.formKey ?? null,
});
