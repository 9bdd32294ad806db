import type { JsonSchema } from 'headcount/wire';
import type { ErrorCode } from '../errors.js';

/** What the OpenAPI document says of a route beyond its schema. */
export interface Documented {
  /** Codes of the problems it may answer with, beyond those that follow from its schema. */
  readonly problems?: readonly ErrorCode[];
  /** The body it takes, where more of it is checked than the schema says. */
  readonly body?: JsonSchema;
  /** Its answers beyond JSON, by their content type. */
  readonly media?: Readonly<Record<string, JsonSchema>>;
  /** What the headers of its answers say, by their name. */
  readonly headers?: Readonly<Record<string, string>>;
}

declare module 'fastify' {
  // The way in which Fastify takes what a route has beyond its own options.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  interface FastifyContextConfig extends Documented {}
}
