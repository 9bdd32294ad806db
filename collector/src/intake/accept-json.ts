import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import { inflate } from './inflate.js';
import { MAX_BODIES_BYTES, MAX_BODY_BYTES, TOO_LARGE } from './limits.js';
import { parseJson } from './parse-json.js';
import { createBodyReader } from './read-body.js';

/** Lets the server read JSON, plain or compressed, and no other body. */
export function acceptJson(app: App): void {
  const readBody = createBodyReader(MAX_BODY_BYTES, MAX_BODIES_BYTES, TOO_LARGE);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    async ({ headers }: FastifyRequest, payload: IncomingMessage) => {
      if (Number(headers['content-length']) > MAX_BODY_BYTES) {
        throw new ProblemError('too_large', TOO_LARGE);
      }
      return parseJson(await inflate(await readBody(payload), headers['content-encoding']));
    },
  );
}
