import type { Socket } from 'node:net';
import type {
  FastifyError,
  FastifyReply,
  FastifyRequest,
  HTTPMethods,
  onErrorHookHandler,
} from 'fastify';
import { LimitError } from './access/limit-error.js';
import { type ErrorCode, ERRORS, ProblemError, sendProblem } from './errors.js';
import { hasCode } from './has-code.js';
import { type Refusals, RefusedReportsError } from './intake/refusals.js';
import type { FailureLog } from './logs/failure-log.js';
import { problemOfError } from './problem-of-error.js';
import { isFull, isSqliteError } from './sqlite/failure.js';
import { pageOf } from './inner-requests.js';
import type { MethodsAt } from './watch-methods.js';

type ErrorHandler = (
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
) => FastifyReply;

/** Turns an error of a request into a problem, and logs unexpected errors. */
export function createErrorHandler(failures: Pick<FailureLog, 'failed'>): ErrorHandler {
  return (error, request, reply) => {
    const problem = problemOfError(error);
    // The operator has to look after the disk, so log these too.
    if (isSqliteError(error) || isFull(error)) {
      failures.failed(error, 'the disk failed');
    }
    if (problem !== undefined) return sendProblem(reply, problem);
    failures.failed(error, 'request failed', { request_id: request.id });
    const detail = 'The client cannot change this; the collector’s log says more.';
    return sendProblem(reply, new ProblemError('internal_error', detail));
  };
}

/** The code of the problem that answers an error. */
function codeOf(error: FastifyError): ErrorCode {
  return problemOfError(error)?.code ?? 'internal_error';
}

/** Answers a path that cannot be decoded, which no route and no hook gets to see. */
export function answerUnreadablePath(
  _error: FastifyError,
  _request: FastifyRequest,
  reply: FastifyReply,
): void {
  void reply.header('x-request-id', reply.request.id);
  sendProblem(reply, new ProblemError('bad_request', 'The path cannot be decoded.'));
}

/** Answers bytes that Node cannot read as HTTP. There is no request then, and nothing is logged. */
export function handleClientError(error: Error, socket: Socket): void {
  if (hasCode(error, 'ECONNRESET') || socket.destroyed) return;
  const code = toCode(error);
  const { status, title } = ERRORS[code];
  const body = JSON.stringify({
    type: `urn:headcount:problem:${code}`,
    title,
    status,
    detail: title,
    code,
    request_id: '',
  });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

function toCode(error: Error): ErrorCode {
  if (hasCode(error, 'ERR_HTTP_REQUEST_TIMEOUT')) return 'request_timeout';
  if (hasCode(error, 'HPE_HEADER_OVERFLOW')) return 'headers_too_large';
  return 'bad_request';
}

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
] as const satisfies readonly HTTPMethods[];

/**
 * Answers requests without a route: 405 if the path has other methods, else 404. OPTIONS gets the
 * methods.
 *
 * @param methodsAt - The methods that a path has, by {@link watchMethods}.
 */
export function handleNotFound(
  request: FastifyRequest,
  reply: FastifyReply,
  methodsAt: MethodsAt,
): FastifyReply {
  const [path = '/'] = request.url.split('?', 1);
  const found = methodsAt(path.replace(/(?<=.)\/$/, '')); // as the router takes it
  const allowed = METHODS.filter((method) => found.has(method));
  if (allowed.length === 0) {
    return sendProblem(reply, new ProblemError('not_found', 'GET / lists what there is.'));
  }
  const allow = allowed.join(', ');
  reply.header('allow', allow);
  if (request.method === 'OPTIONS') return reply.code(204).send();
  return sendProblem(reply, new ProblemError('method_not_allowed', `Allowed: ${allow}.`));
}

/** A hook of the report routes: counts requests that were refused as a whole. */
export function countRefusals(refusals: Pick<Refusals, 'add'>): onErrorHookHandler {
  return (_request, _reply, error, done) => {
    // The intake has counted these reports one by one.
    if (!(error instanceof RefusedReportsError)) refusals.add(codeOf(error));
    done();
  };
}

/** Limits that are not of a rate, by the codes of their problems. */
const OTHER_LIMITS: readonly ErrorCode[] = [
  'busy',
  'disk_full',
  'too_costly',
  'too_many_projects',
  'too_many_streams',
];

/** A hook of every route: tells the name of the limit that has refused a request. */
export function countLimits(onLimitHit: (limit: string) => void): onErrorHookHandler {
  return (request, _reply, error, done) => {
    const code = codeOf(error);
    // The page is refused for it, and counted.
    if (pageOf(request) !== undefined) return done();
    if (error instanceof LimitError) onLimitHit(error.limit);
    else if (OTHER_LIMITS.includes(code)) onLimitHit(code);
    done();
  };
}
