import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { ProblemError, type ErrorCode } from './errors.js';
import { TOO_LARGE } from './intake/limits.js';
import { QueueFullError } from './journal/commit-queue.js';
import { describeError } from './logs/describe-error.js';
import { sendProblem } from './problem.js';
import { isFull, isSqliteError } from './sqlite/failure.js';
import { ThreadDiedError } from './threads/open-thread.js';

type ErrorHandler = (
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
) => FastifyReply;

/** Turns whatever a request has thrown into a problem; what nobody foresaw is logged. */
export function createErrorHandler(logger: Logger): ErrorHandler {
  return (error, request, reply) => {
    const problem = toProblemError(error);
    // The disk's fault, not the client's: somebody has to look at it.
    if (isSqliteError(error) || isFull(error)) {
      logger.error({ error: describeError(error) }, 'the disk failed');
    }
    if (problem !== undefined) return sendProblem(reply, problem);
    logger.error({ request_id: request.id, error: describeError(error) }, 'request failed');
    const detail = 'Nothing can be done about it from outside; the log says more.';
    return sendProblem(reply, new ProblemError('internal_error', detail));
  };
}

/** The code of the problem that an error is answered with. */
export function codeOf(error: FastifyError): ErrorCode {
  return toProblemError(error)?.code ?? 'internal_error';
}

function toProblemError(error: FastifyError): ProblemError | undefined {
  if (error instanceof ProblemError) return error;
  if (error instanceof QueueFullError) return new ProblemError('busy', error.message);
  if (error instanceof ThreadDiedError) {
    return new ProblemError('failing', 'Send the request again later; GET /health says more.');
  }
  if (isFull(error)) {
    return new ProblemError('disk_full', 'Nothing of this request was kept; send it again later.');
  }
  if (isSqliteError(error)) {
    return new ProblemError('failing', 'Nothing of this request was kept; send it again later.');
  }
  if (error.validation !== undefined) return fromValidation(error);
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ProblemError('too_large', TOO_LARGE);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ProblemError('wrong_content_type', 'Send application/json.');
    default:
      return error.statusCode !== undefined && error.statusCode < 500
        ? new ProblemError('bad_request', 'The request does not follow HTTP.')
        : undefined;
  }
}

function fromValidation({ validation, validationContext }: FastifyError): ProblemError | undefined {
  const first = validation?.[0];
  if (first === undefined) return undefined;
  if (validationContext === 'body') {
    return new ProblemError('wrong_type', `The body ${first.message ?? 'is not valid'}.`, {
      path: first.instancePath,
    });
  }
  const unknown = first.params['additionalProperty'];
  if (typeof unknown === 'string') {
    return new ProblemError('bad_parameter', 'There is no such query parameter.', {
      parameter: unknown,
    });
  }
  const missing = first.params['missingProperty'];
  const parameter = typeof missing === 'string' ? missing : first.instancePath.slice(1);
  const allowed: unknown = first.params['allowedValues'];
  return new ProblemError('bad_parameter', `It ${first.message ?? 'is not valid'}.`, {
    parameter,
    ...(Array.isArray(allowed) && { allowed: allowed.map(String) }),
  });
}
