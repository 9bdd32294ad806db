import type { FastifyReply } from 'fastify';
import { ProblemError, type ProblemExtensions } from '../errors.js';
import type { Rejection } from './check-report.js';

/** The answer to a request of which nothing was taken. */
export function toProblemError(
  { code, detail }: Rejection,
  extensions: ProblemExtensions,
  reply: FastifyReply,
): ProblemError {
  if (code === 'key_required') reply.header('www-authenticate', 'Bearer realm="project"');
  return new ProblemError(code, detail, extensions);
}
