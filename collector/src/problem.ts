import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { ERRORS, type ErrorCode, type ProblemError } from './errors.js';

/** The answer to a request that failed: RFC 9457, with a code for programs. */
export const problemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String(),
    code: Type.Union((Object.keys(ERRORS) as ErrorCode[]).map((code) => Type.Literal(code))),
    request_id: Type.String(),
    path: Type.Optional(Type.String({ description: 'JSON pointer of the field it is about' })),
    parameter: Type.Optional(Type.String({ description: 'The query parameter it is about' })),
    allowed: Type.Optional(Type.Array(Type.String(), { description: 'What it may be' })),
    rejected: Type.Optional(Type.Array(Type.Unknown())),
  },
  { additionalProperties: false },
);

/** The members of a problem, as they are sent. */
export function toProblem(error: ProblemError, requestId: string): object {
  const { status, title } = ERRORS[error.code];
  return {
    type: `urn:headcount:problem:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    request_id: requestId,
    ...error.extensions,
  };
}

/** Sends a problem. */
export function sendProblem(reply: FastifyReply, error: ProblemError): FastifyReply {
  const kind = ERRORS[error.code];
  if ('retryAfterSeconds' in kind) reply.header('retry-after', String(kind.retryAfterSeconds));
  if ('acceptEncoding' in kind) reply.header('accept-encoding', kind.acceptEncoding);
  return reply
    .code(kind.status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(toProblem(error, reply.request.id));
}
