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
import { TOO_LARGE } from './intake/limits.js';
import { type Refusals, RefusedReportsError } from './intake/refusals.js';
import { QueueFullError } from './journal/commit-queue.js';
import type { FailureLog } from './logs/failure-log.js';
import { isFull, isSqliteError } from './sqlite/failure.js';
import { ThreadDiedError } from './threads/open-thread.js';
import { pageOf } from './inner-requests.js';

type ErrorHandler = (
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
) => FastifyReply;

/** Turns an error of a request into a problem, and logs unexpected errors. */
export function createErrorHandler(failures: Pick<FailureLog, 'failed'>): ErrorHandler {
  return (error, request, reply) => {
    const problem = toProblemError(error);
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
  return toProblemError(error)?.code ?? 'internal_error';
}

/** The problem that answers an error; `undefined` if no client has made it. */
export function toProblemError(error: FastifyError): ProblemError | undefined {
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

/** The most characters of a member's name that an answer repeats. */
const MAX_NAME_CHARACTERS = 100;

/** A member's name as a part of a JSON pointer (RFC 6901). */
const toPointer = (name: string): string =>
  name.slice(0, MAX_NAME_CHARACTERS).replaceAll('~', '~0').replaceAll('/', '~1');

type Invalid = NonNullable<FastifyError['validation']>[number];

function fromValidation({ validation, validationContext }: FastifyError): ProblemError | undefined {
  const first = validation?.[0];
  if (first === undefined) return undefined;
  if (validationContext === 'body') {
    return fromBody(first);
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
  const detail =
    typeof missing === 'string'
      ? `The parameter ${parameter} is missing.`
      : `The parameter ${parameter} ${first.message ?? 'is not valid'}.`;
  return new ProblemError('bad_parameter', detail, {
    parameter,
    ...(Array.isArray(allowed) && { allowed: allowed.map(String) }),
  });
}

/** Says which member of a body is wrong, and what it may be. */
function fromBody({ instancePath, params, message }: Invalid): ProblemError {
  const unknown = params['additionalProperty'];
  const missing = params['missingProperty'];
  const allowed: unknown = params['allowedValues'];
  const within = instancePath === '' ? 'The body' : `The member ${instancePath}`;
  if (typeof unknown === 'string') {
    const path = `${instancePath}/${toPointer(unknown)}`;
    return new ProblemError('wrong_type', `There is no member ${path} here.`, { path });
  }
  if (typeof missing === 'string') {
    const path = `${instancePath}/${missing}`;
    return new ProblemError('wrong_type', `The member ${path} is missing.`, { path });
  }
  const what = Array.isArray(allowed)
    ? `must be one of: ${allowed.map(String).join(', ')}`
    : (message ?? 'is not valid');
  return new ProblemError('wrong_type', `${within} ${what}.`, { path: instancePath });
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

const METHODS: readonly HTTPMethods[] = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
];

/**
 * Answers requests without a route: 405 if the path has other methods, else 404. OPTIONS gets the
 * methods.
 */
export function handleNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const [path = '/'] = request.url.split('?', 1);
  const url = path.replace(/(?<=.)\/$/, ''); // as the router takes it
  const allowed = METHODS.filter((method) => request.server.hasRoute({ url, method }));
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
