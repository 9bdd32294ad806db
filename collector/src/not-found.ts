import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { ProblemError } from './errors.js';
import { sendProblem } from './problem.js';

const METHODS: readonly HTTPMethods[] = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
];

/** Answers what no route answers: 405 where the path is known for other methods, else 404. */
export function handleNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const url = request.url.split('?', 1)[0] ?? '/';
  const allowed = METHODS.filter((method) => request.server.hasRoute({ url, method }));
  if (allowed.length === 0) {
    return sendProblem(reply, new ProblemError('not_found', 'GET / lists what there is.'));
  }
  const allow = allowed.join(', ');
  reply.header('allow', allow);
  return sendProblem(reply, new ProblemError('method_not_allowed', `Allowed: ${allow}.`));
}
