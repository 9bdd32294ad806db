import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';

/**
 * Makes the compiler of the routes' schemas. It compiles a schema when the first request needs it: a
 * start would spend almost a third of its processor time on all of them.
 */
export function compileAtFirstUse(): FastifySchemaCompiler<object> {
  let ajv: Ajv | undefined;
  return ({ schema }) => {
    let validate: ValidateFunction | undefined;
    return (data: unknown) => {
      // What a client sent is refused or taken as it is: nothing is coerced, removed or filled in.
      ajv ??= formats.default(new Ajv({ addUsedSchema: false }));
      validate ??= ajv.compile(schema);
      return validate(data) ? true : { error: validate.errors ?? [] };
    };
  };
}
