import type { FastifyRequest } from 'fastify';
import type { App } from '../app-types.js';
import { inflate } from './inflate.js';
import { parseJson } from './parse-json.js';

/** Lets the server read JSON, plain or compressed, and no other body. */
export function acceptJson(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async ({ headers }: FastifyRequest, body: Buffer) =>
      parseJson(await inflate(body, headers['content-encoding'])),
  );
}
