import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { fastify } from 'fastify';
import { manifestSchema } from 'headcount/wire';
import { problemSchema } from '../errors.js';
import { bodySchemas } from '../intake/documented-bodies.js';
import { VERSION } from '../version.js';
import type { CollectedRoute } from './collect-routes.js';
import { documentRoute } from './document-route.js';

/** Writes the OpenAPI document of routes, by a server that has the same routes and answers none. */
export async function writeDocument(
  routes: readonly CollectedRoute[],
  basePath: string,
): Promise<string> {
  const paper = fastify({
    exposeHeadRoutes: false,
    schemaController: { compilersFactory: { buildSerializer: () => () => String } },
  });
  paper.setValidatorCompiler(() => () => true);
  await paper.register(swagger, {
    openapi: { ...DOCUMENT_HEAD, servers: [{ url: `${basePath}/` }] },
    convertConstToEnum: false,
    transform: ({ schema, url, route: { method, config = {} } }) => ({
      schema: documentRoute({ method, url, schema, config }),
      url,
    }),
  });
  for (const route of routes) paper.route({ ...route, handler: () => undefined });
  await paper.ready();
  return JSON.stringify(paper.swagger());
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
    { name: 'public', description: 'What pages of others show' },
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
      session: {
        type: 'apiKey',
        in: 'cookie',
        name: 'headcount',
        description:
          'The cookie that POST /v1/session sets, `__Host-headcount` by TLS: it stands for the token, ' +
          'in requests of the collector’s own pages alone',
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
