import swagger from '@fastify/swagger';
import { Type } from 'typebox';
import type { App } from '../app-types.js';
import { DOCUMENT_HEAD } from './document-head.js';
import { documentRoute } from './document-route.js';

/** Collects the routes that are registered after it. */
export async function collectRoutes(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: DOCUMENT_HEAD,
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
    },
    // What a schema would leave out must not be missing.
    (_request, reply) =>
      reply.type('application/json; charset=utf-8').serializer(JSON.stringify).send(app.swagger()),
  );
}
