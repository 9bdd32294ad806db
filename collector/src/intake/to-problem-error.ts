import type { FastifyReply } from 'fastify';
import { ProblemError, type ProblemExtensions } from '../errors.js';
import type { Rejection } from './check-report.js';

/** No report of a request was taken, each for a reason of its own. */
export class RefusedReportsError extends ProblemError {}

/** The answer to a request of which nothing was taken. */
export function toProblemError(
  { code, detail }: Rejection,
  extensions: ProblemExtensions,
  reply: FastifyReply,
): RefusedReportsError {
  if (code === 'key_required') reply.header('www-authenticate', 'Bearer realm="project"');
  return new RefusedReportsError(code, detail, extensions);
}
