import { STATUS_CODES } from 'node:http';
import type { FastifySchema } from 'fastify';
import type { JsonSchema } from 'headcount/wire';
import type { Level } from '../access/level.js';
import { type ErrorCode, ERRORS } from '../errors.js';

/** The answers that a route's schema names. */
export function successAnswers(
  { response }: FastifySchema,
  { media = {}, headers = {} }: Documented,
): Answers {
  const described = describeHeaders(headers);
  const others = Object.entries(media).map(([type, schema]) => [type, { schema }] as const);
  const schemas = Object.entries((response ?? {}) as Readonly<Record<string, JsonSchema>>);
  return Object.fromEntries(
    schemas.map(([status, schema]): [string, Answer] => {
      const { description = STATUS_CODES[status] ?? status, ...rest } = schema;
      const answer = { description: String(description), headers: described };
      if (schema['type'] === 'null') return [status, { ...answer, type: 'null' }];
      if (typeof schema['content'] === 'object') {
        // Fastify's form for other content types.
        return [
          status,
          { ...answer, content: schema['content'] as NonNullable<Answer['content']> },
        ];
      }
      const content = [['application/json', { schema: rest }] as const, ...others];
      return [status, { ...answer, content: Object.fromEntries(content) }];
    }),
  );
}

/** Headers by name, in the form that @fastify/swagger reads. */
export function describeHeaders(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, text(description)]),
  );
}

const text = (description: string): JsonSchema => ({ type: 'string', description });

const RETRY_AFTER = {
  'retry-after': { type: 'integer', minimum: 1, description: 'Seconds to wait before it' },
};
const AUTHENTICATE = { 'www-authenticate': text('What to send (RFC 6750)') };
const ENCODINGS = { 'accept-encoding': text('The encodings a body may have') };

/** The answers with problems: one for each status, with its codes. */
export function problemAnswers(codes: readonly ErrorCode[]): Answers {
  const statuses = new Set(codes.map((code) => ERRORS[code].status));
  return Object.fromEntries(
    [...statuses].map((status) => {
      const some = codes.filter((code) => ERRORS[code].status === status);
      return [status, problemAnswer(status, some)];
    }),
  );
}

function problemAnswer(status: number, codes: readonly ErrorCode[]): Answer {
  const narrowed = { properties: { status: { const: status }, code: { enum: codes } } };
  const schema = { allOf: [{ $ref: '#/components/schemas/Problem' }, narrowed] };
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].title}`).join('. '),
    headers: {
      ...(codes.some(isWorthRetrying) && RETRY_AFTER),
      ...(codes.some(saysHow) && AUTHENTICATE),
      ...(codes.includes('wrong_content_encoding') && ENCODINGS),
    },
    content: { 'application/problem+json': { schema } },
  };
}

const saysHow = (code: ErrorCode): boolean =>
  ERRORS[code].status === 401 || 'authenticate' in ERRORS[code];

function isWorthRetrying(code: ErrorCode): boolean {
  return code === 'rate_limited' || 'retryAfterSeconds' in ERRORS[code];
}

/** A documented answer of a route, in the form that @fastify/swagger reads. */
interface Answer {
  readonly description: string;
  /** By their names. */
  readonly headers: Readonly<Record<string, JsonSchema>>;
  /** By their content types; none where the answer has no body. */
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
  /** For @fastify/swagger, which would add a body of JSON. */
  readonly type?: 'null';
}

/** Answers by their status. */
type Answers = Readonly<Record<string, Answer>>;

/** Merges answers. One status can have several content types. */
export function addAnswers(some: Answers, others: Answers): Answers {
  const added = Object.entries(others).map(([status, { content, headers, ...other }]) => {
    const one = some[status];
    return [
      status,
      {
        ...other,
        description: one === undefined ? other.description : `${one.description}, or a problem`,
        headers: { ...one?.headers, ...headers },
        content: { ...one?.content, ...content },
      },
    ] as const;
  });
  return { ...some, ...Object.fromEntries(added) };
}

/** What the OpenAPI document says of a route besides its schema. */
export interface Documented {
  /** The least level that gets an answer. Every route has one; see `requireLevel`. */
  readonly level?: Level;
  /** Whether the level is needed for the project of `?project=`, and decided where it answers. */
  readonly isByProject?: boolean;
  /**
   * What `Authorization` is read as; `none` if it is not read, `session` if it is not asked for, and
   * a browser's session tells who asks. A token without it.
   */
  readonly credential?: 'token' | 'owner' | 'writeKey' | 'session' | 'none';
  /** Whether it is answered while the collector closes; anything else is refused then. */
  readonly isAnsweredWhileClosing?: boolean;
  /**
   * Whether an administrator's request is recorded although it changes nothing.
   *
   * @default false
   */
  readonly isAudited?: boolean;
  /**
   * Whether it reads forms (`application/x-www-form-urlencoded`) besides JSON.
   *
   * @default false
   */
  readonly takesForms?: boolean;
  /** Codes of its problems, besides those that follow from its schema. */
  readonly problems?: readonly ErrorCode[];
  /** The documented body, if more is checked than the schema says. */
  readonly body?: JsonSchema;
  /** Its answers besides JSON, by content type. */
  readonly media?: Readonly<Record<string, JsonSchema>>;
  /** Descriptions of its answers' headers, by name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The same for all its answers, problems included. */
  readonly allHeaders?: Readonly<Record<string, string>>;
}

declare module 'fastify' {
  // The way in which Fastify takes what a route has beyond its own options.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  interface FastifyContextConfig extends Documented {}
  interface FastifySchema {
    /** The level of access, for readers of the document. */
    'x-level'?: Level;
  }
}
