import { Type } from 'typebox';
import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import { noteForAudit } from './audit-details.js';
import type { Sessions } from './sessions.js';
import type { Tokens } from './tokens.js';

const instant = (description: string) => Type.String({ format: 'date-time', description });

/** The answer to `GET /v1/tokens/{id}/sessions`. */
export const sessionsSchema = Type.Object(
  {
    sessions: Type.Array(
      Type.Object(
        {
          id: Type.String({ description: 'It opens nothing' }),
          created_at: instant('When somebody signed in'),
          last_seen_at: instant('To five minutes'),
          expires_at: instant('When it ends by itself'),
        },
        { additionalProperties: false },
      ),
      { description: 'The newest first' },
    ),
  },
  { additionalProperties: false },
);

const id = Type.String({ pattern: '^[a-z0-9]{1,32}$', description: 'The ID of the token' });
const session = Type.String({ pattern: '^[a-z0-9]{1,32}$', description: 'The ID of the session' });

const general = { tags: ['administration'] };
const level = 'administrator';

interface TokenSessionsParts {
  readonly tokens: Pick<Tokens, 'has'>;
  readonly sessions: Pick<Sessions, 'list' | 'end'>;
}

/** `/v1/tokens/{id}/sessions`: where a token is signed in. */
export function registerTokenSessionsRoutes(
  app: App,
  { tokens, sessions }: TokenSessionsParts,
): void {
  const requireToken = (token: string): void => {
    if (!tokens.has(token)) throw new ProblemError('not_found', 'There is no such token.');
  };
  app.get(
    '/v1/tokens/:id/sessions',
    {
      schema: {
        ...general,
        summary: 'The sessions that a token was used to sign in for',
        params: Type.Object({ id }),
        response: { 200: sessionsSchema },
      },
      config: { level, problems: ['not_found'] },
    },
    ({ params }) => {
      requireToken(params.id);
      return { sessions: [...sessions.list(params.id)] };
    },
  );
  app.delete(
    '/v1/tokens/:id/sessions',
    {
      schema: {
        ...general,
        summary: 'End all sessions of a token, which stays valid',
        params: Type.Object({ id }),
        response: { 204: Type.Null({ description: 'Nobody is signed in by it any more' }) },
      },
      config: { level, problems: ['disk_full', 'not_found'] },
    },
    async (request, reply) => {
      requireToken(request.params.id);
      const ended = await sessions.end(request.params.id);
      noteForAudit(request, { details: { sessions: ended.length } });
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/v1/tokens/:id/sessions/:session',
    {
      schema: {
        ...general,
        summary: 'End a session of a token',
        params: Type.Object({ id, session }),
        response: { 204: Type.Null({ description: 'It opens nothing any more' }) },
      },
      config: { level, problems: ['disk_full', 'not_found'] },
    },
    async (request, reply) => {
      const { params } = request;
      const ended = await sessions.end(params.id, params.session);
      if (ended.length === 0) throw new ProblemError('not_found', 'There is no such session.');
      noteForAudit(request, { target: `${params.id} ${params.session}` });
      return reply.code(204).send(null);
    },
  );
}
