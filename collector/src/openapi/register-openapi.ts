import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../app-types.js';
import type { CollectedRoute } from './collect-routes.js';

export interface OpenapiParts {
  /** All routes, once all are registered. */
  readonly routes: readonly CollectedRoute[];
  /** The path below which a proxy offers the server. */
  readonly basePath: string;
}

/** `GET /openapi.json`: what this server answers, for programs. */
export function registerOpenapiRoute(app: App, { routes, basePath }: OpenapiParts): void {
  let written: Promise<string> | undefined;
  // What writes it takes megabytes, and few servers are ever asked for it.
  const write = async (): Promise<string> => {
    const { writeDocument } = await import('./write-document.js');
    return writeDocument(routes, basePath);
  };
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
    async (_request: FastifyRequest, reply: FastifyReply) => {
      written ??= write().catch((error: unknown) => {
        written = undefined;
        throw error;
      });
      const document = await written;
      return reply.type('application/json; charset=utf-8').serializer(String).send(document);
    },
  );
}
