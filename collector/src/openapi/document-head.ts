import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { manifestSchema } from 'headcount/wire';
import { bodySchemas } from '../intake/documented-bodies.js';
import { problemSchema } from '../problem.js';
import { VERSION } from '../version.js';

/** What operations refer to, by name. */
const schemas: Record<string, { readonly title?: string; readonly description?: string }> = {
  Problem: { ...problemSchema, title: 'Problem', description: 'What went wrong (RFC 9457)' },
  Manifest: manifestSchema,
  ...bodySchemas,
};

/** Everything in the document but the routes. */
export const DOCUMENT_HEAD: NonNullable<FastifyDynamicSwaggerOptions['openapi']> = {
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
      'that of /v1/stats/live may be asked as `HEAD`.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/' }],
  tags: [
    { name: 'reports', description: 'What clients send' },
    { name: 'stats', description: 'How many people there are, and what they run' },
    { name: 'users', description: 'What users may ask and do with their own data' },
    { name: 'projects', description: 'The administrator’s: projects, write keys, manifests' },
    { name: 'server', description: 'The collector itself' },
  ],
  components: {
    securitySchemes: {
      adminToken: {
        type: 'http',
        scheme: 'bearer',
        description: 'What HEADCOUNT_ADMIN_TOKEN was when the collector started',
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
