import type { FastifyError } from 'fastify';
import { ProblemError } from './errors.js';
import { TOO_LARGE } from './intake/limits.js';
import { QueueFullError } from './journal/commit-queue.js';
import { isFull, isSqliteError } from './sqlite/failure.js';
import { isStoreDown } from './store-down-error.js';
import { ThreadDiedError } from './threads/open-thread.js';

/** The problem that answers an error; `undefined` if no client has made it. */
export function problemOfError(error: FastifyError): ProblemError | undefined {
  if (error instanceof ProblemError) return error;
  if (error instanceof QueueFullError) return new ProblemError('busy', error.message);
  if (error instanceof ThreadDiedError) {
    return new ProblemError('failing', 'Send the request again later; GET /health says more.');
  }
  if (isFull(error)) {
    return new ProblemError('disk_full', 'Nothing of this request was kept; send it again later.');
  }
  if (isSqliteError(error) || isStoreDown(error)) {
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
