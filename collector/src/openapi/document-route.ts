import type { FastifySchema } from 'fastify';
import type { Level } from '../access/level.js';
import type { ErrorCode } from '../errors.js';
import {
  addAnswers,
  describeHeaders,
  problemAnswers,
  successAnswers,
  type Documented,
} from './answers.js';

/** The documented parts of a route. */
export interface Route {
  readonly method: string | readonly string[];
  readonly url: string;
  readonly schema: FastifySchema;
  readonly config: Documented;
}

/** Problems of every route. */
const ALWAYS: readonly ErrorCode[] = ['internal_error'];

/** Problems of every route that is refused while the collector closes. */
const WHILE_CLOSING: readonly ErrorCode[] = ['closing'];

/** Problems of every route that reads a token. */
const WITH_TOKEN: readonly ErrorCode[] = ['bad_token', 'rate_limited'];

/** Problems of every route that changes something for whoever has signed in. */
const WITH_SESSION: readonly ErrorCode[] = ['cross_origin', 'form_key_required'];

/** Problems of every route that some tokens do not open. */
const WITH_LEVEL: readonly ErrorCode[] = ['token_required', 'wrong_level'];

/** Problems of every route with parameters. */
const WITH_PARAMETERS: readonly ErrorCode[] = ['bad_parameter'];

/** Problems of every route with a body. */
const WITH_BODY: readonly ErrorCode[] = [
  'bad_request',
  'not_json',
  'corrupt_body',
  'forbidden_key',
  'too_large',
  'too_complex',
  'wrong_content_type',
  'wrong_content_encoding',
  'wrong_type',
  'busy',
];

const CONTENT_ENCODING = {
  'content-encoding': {
    enum: ['gzip', 'br', 'identity'],
    description: 'How the body is compressed',
  },
};

const FORM_KEY = {
  'headcount-form-key': {
    type: 'string',
    description: 'With the cookie of a session: the `form_key` of `GET /v1/session`',
  },
};

const CACHED = {
  'cache-control': {
    type: 'string',
    description: 'In a session `private, no-cache`, where nothing else forbids to share it',
  },
};

const IF_NONE_MATCH = {
  'if-none-match': { type: 'string', description: 'The ETag of an answer that is still there' },
};

const REQUEST_ID = {
  'x-request-id': {
    type: 'string',
    format: 'uuid',
    description: 'Names the request in the log; made here, never taken over from outside',
  },
};

const RATE_LIMITS = {
  'ratelimit-policy': {
    type: 'string',
    description: 'The limits that the request counts under, such as `"address";q=1200;w=60`',
  },
  ratelimit: {
    type: 'string',
    description: 'What is left of each, until how many seconds later: `"address";r=1199;t=1`',
  },
};

/** A route's schema for the document, with all answers and their headers. */
export function documentRoute({ method, url, schema, config }: Route): FastifySchema {
  const hasBody = schema.body !== undefined;
  const hasParameters = schema.params !== undefined || schema.querystring !== undefined;
  const { credential = 'token', level } = config;
  if (level === undefined) {
    throw new Error(`${String(method)} ${url} has no level of access: give its config one.`);
  }
  const takesSession = credential === 'token' || credential === 'owner';
  const codes = new Set([
    ...(credential === 'token' ? WITH_TOKEN : []),
    ...(credential === 'token' && level !== 'public' ? WITH_LEVEL : []),
    ...(config.isByProject ? WITH_LEVEL : []),
    ...(takesSession && method !== 'GET' ? WITH_SESSION : []),
    ...(hasParameters ? WITH_PARAMETERS : []),
    ...(hasBody ? WITH_BODY : []),
    ...(config.problems ?? []),
    ...ALWAYS,
    ...(config.isAnsweredWhileClosing === true ? [] : WHILE_CLOSING),
  ]);
  const answers = addAnswers(successAnswers(schema, config), problemAnswers([...codes]));
  const general = {
    ...REQUEST_ID,
    ...(codes.has('rate_limited') && RATE_LIMITS),
    ...(takesSession && CACHED),
    ...describeHeaders(config.allHeaders ?? {}),
  };
  return {
    ...schema,
    security: securityOf(level, credential),
    'x-level': level,
    ...(hasBody && { body: config.body ?? schema.body }),
    ...(config.takesForms === true && { consumes: FORM_TYPES }),
    headers: {
      type: 'object',
      properties: {
        ...(hasBody && CONTENT_ENCODING),
        ...(takesSession && method !== 'GET' && FORM_KEY),
        ...('304' in answers && IF_NONE_MATCH),
      },
    },
    operationId: operationIdOf(String(method), url),
    response: Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [
        status,
        { ...answer, headers: { ...general, ...answer.headers } },
      ]),
    ),
  };
}

const FORM_TYPES = ['application/json', 'application/x-www-form-urlencoded'];

type Security = Readonly<Record<string, readonly string[]>>[];

/** What a request may be let in by; `{}` is a request without anything. */
function securityOf(level: Level, credential: NonNullable<Documented['credential']>): Security {
  if (credential === 'none' || credential === 'session') return [];
  if (credential === 'owner') return [{ ownerProof: [] }, { token: [] }, { session: [] }];
  if (credential === 'writeKey') return [{}, { writeKey: [] }];
  const signedIn = [{ token: [] }, { session: [] }];
  return level === 'public' ? [{}, ...signedIn] : signedIn;
}

/** `GET /v1/stats/recent` is `getV1StatsRecent`, and `GET /` is `getRoot`. */
function operationIdOf(method: string, url: string): string {
  const words = url === '/' ? ['root'] : (url.match(/[a-z0-9]+/gi) ?? []);
  const capitalized = words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  return `${method.toLowerCase()}${capitalized.join('')}`;
}
