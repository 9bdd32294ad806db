import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';

interface ErrorKind {
  readonly status: number;
  readonly title: string;
  /** Seconds until a client should try again; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** The encodings a body may have; sent as `Accept-Encoding`. */
  readonly acceptEncoding?: string;
  /** The error code of RFC 6750, or none; sent with `WWW-Authenticate`. */
  readonly authenticate?: string;
}

/** All problems by their codes, with status and title. */
export const ERRORS = {
  not_json: { status: 400, title: 'The body is not JSON' },
  corrupt_body: { status: 400, title: 'The compressed body is corrupt' },
  forbidden_key: { status: 400, title: 'The body has a key that no report may have' },
  bad_parameter: { status: 400, title: 'A parameter is not valid' },
  bad_request: { status: 400, title: 'The request cannot be read' },
  token_required: { status: 401, title: 'A token is needed', authenticate: '' },
  bad_token: { status: 401, title: 'The token is not valid', authenticate: 'invalid_token' },
  key_required: { status: 401, title: 'The project takes reports with its write key only' },
  key_wrong: { status: 403, title: 'The write key is not the project’s' },
  wrong_level: {
    status: 403,
    title: 'The token does not open this',
    authenticate: 'insufficient_scope',
  },
  cross_origin: { status: 403, title: 'The request is not of a page of this collector' },
  form_key_required: { status: 403, title: 'The form key is missing, or not the session’s' },
  shared_id: { status: 403, title: 'The ID belongs to nobody' },
  not_found: { status: 404, title: 'There is nothing here' },
  no_log_files: { status: 404, title: 'The log is not kept in files' },
  unknown_user: { status: 404, title: 'There is no such user, or the proof is not the owner’s' },
  method_not_allowed: { status: 405, title: 'The method is not allowed here' },
  wrong_host: { status: 421, title: 'The collector is not known under this name' },
  request_timeout: { status: 408, title: 'The request took too long' },
  cleaning_runs: { status: 409, title: 'Another cleaning is not finished' },
  too_many_annotations: { status: 409, title: 'The project has no room for another annotation' },
  cannot_undo: { status: 409, title: 'The cleaning cannot be undone' },
  project_closed: { status: 410, title: 'The project accepts no reports' },
  too_large: { status: 413, title: 'The body is too large' },
  too_complex: { status: 413, title: 'The body has too many values, or they lie too deep' },
  wrong_content_type: { status: 415, title: 'The content type is not supported' },
  wrong_content_encoding: {
    status: 415,
    title: 'The content encoding is not supported',
    acceptEncoding: 'gzip, br, identity',
  },
  missing_field: { status: 422, title: 'A required field is missing' },
  wrong_type: { status: 422, title: 'A field has the wrong type' },
  out_of_bounds: { status: 422, title: 'A field is too short or too long' },
  nul_character: { status: 422, title: 'A text has a NUL character' },
  rate_limited: { status: 429, title: 'Too many requests' },
  too_many_streams: { status: 429, title: 'Too many streams', retryAfterSeconds: 30 },
  too_costly: { status: 422, title: 'The question is about too much' },
  bad_token_settings: { status: 422, title: 'A token cannot be made so' },
  bad_zone: { status: 422, title: 'The time zone is not known' },
  bad_range: { status: 422, title: 'The range of versions cannot be read' },
  bad_text: { status: 422, title: 'A text is not one line of visible characters' },
  bad_annotation: { status: 422, title: 'The annotation is not valid' },
  bad_cleaning: { status: 422, title: 'The cleaning is not valid' },
  bad_manifest: { status: 422, title: 'The manifest is not valid' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  internal_error: { status: 500, title: 'Something went wrong in the collector' },
  busy: { status: 503, title: 'The collector is busy', retryAfterSeconds: 1 },
  failing: { status: 503, title: 'A part of the collector has stopped', retryAfterSeconds: 5 },
  too_many_projects: {
    status: 503,
    title: 'There is no room for another project',
    retryAfterSeconds: 3600,
  },
  clock_jumped: {
    status: 503,
    title: 'The collector’s clock has jumped ahead',
    retryAfterSeconds: 300,
  },
  closing: { status: 503, title: 'The collector is shutting down', retryAfterSeconds: 5 },
  loop_detected: { status: 508, title: 'The way of a relay leads in a circle' },
  disk_full: { status: 507, title: 'The disk is full', retryAfterSeconds: 60 },
} as const satisfies Record<string, ErrorKind>;

/** A key of {@link ERRORS}. */
export type ErrorCode = keyof typeof ERRORS;

/** Members of a problem besides `code` and those of RFC 9457. */
export interface ProblemExtensions {
  /** JSON pointer of the field it is about. */
  readonly path?: string;
  /** Name of the query parameter it is about. */
  readonly parameter?: string;
  /** The values that the parameter may have. */
  readonly allowed?: readonly string[];
  /** The level of access that is needed. */
  readonly level?: string;
  readonly rejected?: readonly unknown[];
}

/** A request failed. The message is sent to the client as `detail`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly code: ErrorCode,
    detail: string,
    readonly extensions: ProblemExtensions = {},
  ) {
    super(detail);
  }
}

/** The answer to a failed request: problem+json (RFC 9457) with a `code` for programs. */
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
    level: Type.Optional(Type.String({ description: 'The level of access that is needed' })),
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
  if ('authenticate' in kind) {
    const error = kind.authenticate === '' ? '' : `, error="${kind.authenticate}"`;
    reply.header('www-authenticate', `Bearer realm="headcount-collector"${error}`);
  }
  return reply
    .code(kind.status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(toProblem(error, reply.request.id));
}
