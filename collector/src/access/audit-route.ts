import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../app-types.js';
import { isRecord } from '../is-record.js';
import type { Audit } from './audit.js';
import { type AuditDetails, noteOf } from './audit-details.js';
import { PUBLIC } from './caller.js';
import type { Access } from './access.js';

const DEFAULT_ENTRIES = 100;

/** The answer to `GET /v1/audit`. */
export const auditSchema = Type.Object(
  {
    entries: Type.Array(
      Type.Object(
        {
          at: Type.String({ format: 'date-time' }),
          token: Type.Union([Type.String(), Type.Null()], {
            description: 'The ID of the token; null: the command line, or a job',
          }),
          who: Type.String({ description: 'The name of the token' }),
          action: Type.String(),
          target: Type.String({ description: 'The project, token and so on that it was done to' }),
          outcome: Type.Enum(['done', 'failed']),
          details: Type.Optional(
            Type.Record(Type.String(), Type.Unknown(), {
              description:
                'What was asked for: the level of a token, what is cleaned and whether it is a dry run, ' +
                'the settings that are changed. No secrets, and no ID of a user',
            }),
          ),
        },
        { additionalProperties: false },
      ),
    ),
    next: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
      description: 'before= of the next page; null: there is none',
    }),
  },
  { additionalProperties: false, description: 'Newest first' },
);

/** `GET /v1/audit`: what administrators have done. */
export function registerAuditRoute(app: App, { audit }: { readonly audit: Audit }): void {
  app.get(
    '/v1/audit',
    {
      schema: {
        tags: ['administration'],
        summary: 'What administrators have done',
        querystring: Type.Object(
          {
            limit: Type.Optional(
              Type.String({
                pattern: '^([1-9]\\d{0,2}|1000)$',
                description: `Entries, up to 1000; ${DEFAULT_ENTRIES} without it`,
              }),
            ),
            before: Type.Optional(
              Type.String({ pattern: '^[1-9]\\d{0,14}$', description: 'next of the page before' }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: auditSchema },
      },
      config: { level: 'administrator' },
    },
    async ({ query: { limit, before } }) => {
      const page = await audit.page(
        Number(limit ?? DEFAULT_ENTRIES),
        before === undefined ? undefined : Number(before),
      );
      return { entries: [...page.entries], next: page.next };
    },
  );
}

/** Methods that change nothing. */
const READING = ['GET', 'HEAD', 'OPTIONS'];

export interface AuditedParts {
  readonly audit: Audit;
  readonly access: Pick<Access, 'callerOf'>;
  readonly onFailure: (error: unknown) => void;
}

/** Records every request of an administrator that may change something, before it is answered. */
export function auditRequests(app: App, { audit, access, onFailure }: AuditedParts): void {
  const callerOf = (request: FastifyRequest) => {
    try {
      return access.callerOf(request);
    } catch {
      return PUBLIC; // a token that is not valid is no administrator's
    }
  };
  app.addHook('onSend', async (request, reply) => {
    const { level, credential, isAudited = false } = request.routeOptions.config;
    if (level !== 'administrator' && credential !== 'owner') return;
    if (READING.includes(request.method) && !isAudited) return;
    const caller = callerOf(request);
    if (caller.level !== 'administrator') return;
    try {
      await audit.record(caller, {
        action: `${request.method} ${request.routeOptions.url ?? ''}`,
        target: noteOf(request).target ?? targetOf(request),
        outcome: reply.statusCode < 400 ? 'done' : 'failed',
        // What is refused may not even be what it should be.
        ...(reply.statusCode < 400 && { details: detailsOf(request) }),
      });
    } catch (error) {
      // What was done stays done, and the log says that the entry is missing.
      onFailure(error);
    }
  });
}

/** What a request is about. The ID of a user is personal, and stays out. */
function targetOf({ params, query }: FastifyRequest): string {
  const { project, id } = { ...(query as object), ...(params as object) } as Partial<
    Record<'project' | 'id', unknown>
  >;
  return [project, id].filter((part) => typeof part === 'string').join(' ');
}

/** What a request asks for. Bodies and queries of administrators hold no secrets. */
function detailsOf(request: FastifyRequest): AuditDetails {
  const query = Object.entries(request.query as object).filter(([name]) => name !== 'project');
  const body = isRecord(request.body) ? request.body : {};
  return { ...Object.fromEntries(query), ...body, ...noteOf(request).details };
}
