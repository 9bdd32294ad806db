import { STATUS_CODES } from 'node:http';
import type { FastifySchema } from 'fastify';
import type { JsonSchema } from 'headcount/wire';
import type { Answer, Answers } from './answer.js';
import type { Documented } from './documented.js';

/** The answers that a route's schema names. */
export function successAnswers(
  { response }: FastifySchema,
  { media = {}, headers = {} }: Documented,
): Answers {
  const described = Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { type: 'string', description }]),
  );
  const others = Object.entries(media).map(([type, schema]) => [type, { schema }] as const);
  const schemas = Object.entries((response ?? {}) as Readonly<Record<string, JsonSchema>>);
  return Object.fromEntries(
    schemas.map(([status, schema]): [string, Answer] => {
      const { description = STATUS_CODES[status] ?? status, ...rest } = schema;
      const answer = { description: String(description), headers: described };
      if (schema['type'] === 'null') return [status, { ...answer, type: 'null' }];
      if (typeof schema['content'] === 'object') {
        // The form that Fastify takes for other content types.
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
