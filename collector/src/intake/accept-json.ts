import type { FastifyRequest } from 'fastify';
import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import { parseJson } from './parse-json.js';

/** Lets the server read JSON in its plain form, and no other body. */
export function acceptJson(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request: FastifyRequest, body: Buffer) =>
      new Promise((resolve) => resolve(readBody(request, body))),
  );
}

function readBody({ headers }: FastifyRequest, body: Buffer): unknown {
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new ProblemError('wrong_content_encoding', 'Send the body without compression.');
  }
  return parseJson(body);
}
