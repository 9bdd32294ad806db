import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { manifestSchema } from 'headcount/wire';
import { Type } from 'typebox';
import type { App } from '../app-types.js';
import { problemSchema } from '../errors.js';
import { bodySchemas } from '../intake/documented-bodies.js';
import { VERSION } from '../version.js';
import { documentRoute } from './document-route.js';

/** Collects the routes that are registered after this call. */
export async function collectRoutes(app: App, basePath: string): Promise<void> {
  await app.register(swagger, {
    openapi: { ...DOCUMENT_HEAD, servers: [{ url: `${basePath}/` }] },
    convertConstToEnum: false,
    transform: ({ schema, url, route: { method, config = {} } }) => ({
      schema: documentRoute({ method, url, schema, config }),
      url,
    }),
  });
}

/** `GET /openapi.json`: what this server answers, for programs. */
export function registerOpenapiRoute(app: App): void {
  app.get(
    '/openapi.json',
    {
      schema: {
        summary: 'This document',
        description: 'OpenAPI 3.1, made from the schemas that the server itself works by.',
        tags: ['server'],
        response: { 200: Type.Object({}, { description: 'The document' }) },
      },
      config: { level: 'public', credential: 'none' },
    },
    // A response schema would leave members out.
    (_request, reply) =>
      reply.type('application/json; charset=utf-8').serializer(JSON.stringify).send(app.swagger()),
  );
}

/** Schemas that operations refer to. */
const schemas: Record<string, { readonly title?: string; readonly description?: string }> = {
  Problem: { ...problemSchema, title: 'Problem', description: 'What went wrong (RFC 9457)' },
  Manifest: manifestSchema,
  ...bodySchemas,
};

/** The OpenAPI document without the routes. */
const DOCUMENT_HEAD: NonNullable<FastifyDynamicSwaggerOptions['openapi']> = {
  openapi: '3.1.1',
  info: {
    title: 'headcount-collector',
    version: VERSION,
    description:
      'Takes the reports that Headcount’s clients send, and says how many people there are.\n\n' +
      'Whatever fails is answered with `application/problem+json` (RFC 9457) and a `code` for ' +
      'programs. Beyond what the operations list: what no route answers gets 404 `not_found` or ' +
      '405 `method_not_allowed` with `Allow`, and what is no HTTP, or takes too long to come in, ' +
      '400 `bad_request`, 408 `request_timeout` or 431 `headers_too_large`. Every `GET` but ' +
      'that of /v1/stats/live may be asked as `HEAD`. Where names are listed for it, a request by ' +
      'another gets 421 `wrong_host`. Every answer forbids browsers to run or frame anything of it.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  tags: [
    { name: 'reports', description: 'What clients send' },
    { name: 'stats', description: 'How many people there are, and what they run' },
    { name: 'users', description: 'What users may ask and do with their own data' },
    { name: 'projects', description: 'The administrator’s: projects, write keys, manifests' },
    {
      name: 'administration',
      description: 'The administrator’s: tokens, what was done, and what is kept for how long',
    },
    { name: 'server', description: 'The collector itself' },
  ],
  components: {
    securitySchemes: {
      ownerProof: {
        type: 'http',
        scheme: 'bearer',
        description:
          'The proof of an ID’s owner for this collector and project, 64 hex digits; the client keeps ' +
          'the secret that it is made from',
      },
      token: {
        type: 'http',
        scheme: 'bearer',
        description:
          'A token of the level that x-level names, or above it: restricted, developer, ' +
          'administrator. That of one project opens its answers alone. What is public of a project ' +
          'needs no token',
      },
      writeKey: {
        type: 'http',
        scheme: 'bearer',
        description: 'A project’s write key, where it has one',
      },
    },
    schemas,
  },
};

/** A method and path that the server answers. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly description: string;
}

/** The operations of a path, by method. */
type PathItem = Readonly<Record<string, { readonly summary?: string }>>;

/** The operations of an OpenAPI document, in its order. */
export function listOperations({ paths = {} }: { readonly paths?: object }): Operation[] {
  // The cast is safe: this server's documents have only operations below a path.
  return Object.entries(paths as Readonly<Record<string, PathItem>>).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { summary = '' }]) => ({
      method: method.toUpperCase(),
      path,
      description: summary,
    })),
  );
}
