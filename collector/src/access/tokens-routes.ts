import { Type } from 'typebox';
import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import { MAX_PROJECT_CHARACTERS } from '../rules/limits.js';
import { noteForAudit } from './audit-details.js';
import { describeToken, type Tokens } from './tokens.js';

const nullable = (schema: ReturnType<typeof Type.String>) => Type.Union([schema, Type.Null()]);
const instant = Type.String({ format: 'date-time' });

const tokenMembers = {
  id: Type.String(),
  name: Type.String({ description: 'For people' }),
  level: Type.Enum(['restricted', 'developer', 'administrator']),
  project: Type.Union([Type.String(), Type.Null()], {
    description: 'The one project that it opens; null: all of them',
  }),
  status: Type.Enum(['valid', 'expired', 'replaced'], {
    description: 'replaced: HEADCOUNT_ADMIN_TOKEN is set, and comes before the first one',
  }),
  created_at: instant,
  expires_at: nullable(instant),
  last_used_at: Type.Union([instant, Type.Null()], { description: 'To the hour' }),
};

/** The answer to `GET /v1/tokens`. */
export const tokensSchema = Type.Object(
  { tokens: Type.Array(Type.Object(tokenMembers, { additionalProperties: false })) },
  { additionalProperties: false },
);

/** The answer to a request that makes a token. */
export const newTokenSchema = Type.Object(
  { token: Type.String({ description: 'Shown once; only its hash is kept' }), ...tokenMembers },
  { additionalProperties: false },
);

const params = Type.Object({
  id: Type.String({ pattern: '^[a-z0-9]{1,32}$', description: 'The ID of the token' }),
});

const general = { tags: ['administration'] };
const level = 'administrator';
const headers = { 'cache-control': 'no-store' };

/** `/v1/tokens`: who may ask what. */
export function registerTokensRoutes(app: App, { tokens }: { readonly tokens: Tokens }): void {
  app.get(
    '/v1/tokens',
    {
      schema: { ...general, summary: 'The tokens', response: { 200: tokensSchema } },
      config: { level },
    },
    () => ({ tokens: [...tokens.list()] }),
  );
  app.post(
    '/v1/tokens',
    {
      schema: {
        ...general,
        summary: 'Make a token',
        body: Type.Object(
          {
            name: Type.Optional(Type.String({ description: 'For people; up to 100 characters' })),
            level: tokenMembers.level,
            project: Type.Optional(
              Type.String({ minLength: 1, maxLength: MAX_PROJECT_CHARACTERS }),
            ),
            expires_at: Type.Optional(
              Type.String({ format: 'date-time', description: 'Never without it' }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 201: newTokenSchema },
      },
      config: { level, headers, problems: ['disk_full', 'bad_token_settings'] },
    },
    async (request, reply) => {
      const { body } = request;
      const { name = '', project = null, expires_at: expires } = body;
      const expiresAt = expires === undefined ? null : new Date(expires);
      const made = await tokens.create({ name, level: body.level, project, expiresAt });
      noteForAudit(request, { target: made.id });
      return reply.code(201).headers(headers).send(made);
    },
  );
  app.post(
    '/v1/tokens/:id/rotate',
    {
      schema: {
        ...general,
        summary: 'Replace the secret of a token; the one before is void',
        params,
        response: { 201: newTokenSchema },
      },
      config: { level, headers, problems: ['disk_full', 'bad_token_settings', 'not_found'] },
    },
    async (request, reply) => {
      const made = await tokens.rotate(request.params.id);
      if (made === undefined) throw unknownToken();
      noteForAudit(request, { details: describeToken(made) });
      return reply.code(201).headers(headers).send(made);
    },
  );
  app.delete(
    '/v1/tokens/:id',
    {
      schema: {
        ...general,
        summary: 'Revoke a token',
        params,
        response: { 204: Type.Null({ description: 'It opens nothing any more' }) },
      },
      config: { level, problems: ['disk_full', 'not_found'] },
    },
    async (request, reply) => {
      const before = await tokens.revoke(request.params.id);
      if (before === undefined) throw unknownToken();
      noteForAudit(request, { details: describeToken(before) });
      return reply.code(204).send(null);
    },
  );
}

const unknownToken = (): ProblemError => new ProblemError('not_found', 'There is no such token.');
