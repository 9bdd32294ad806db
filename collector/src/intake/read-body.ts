import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import { discardBody } from './discard-body.js';
import { inflate } from './inflate.js';
import { MAX_BODIES_BYTES, MAX_BODY_BYTES, MAX_DISCARDED_BYTES, TOO_LARGE } from './limits.js';
import { parseJson } from './parse-json.js';

/** Reads a request's body into memory. */
export type BodyReader = (payload: Readable) => Promise<Buffer>;

interface Reading {
  bytes: number;
  giveUp(error: ProblemError): void;
}

/**
 * Creates the reader of bodies. It bounds the memory of all bodies that are being received: if it
 * is full, the largest is refused, so that many small bodies get through beside few large ones.
 *
 * @param maxBytes - Bytes a body may have.
 * @param maxTotalBytes - Bytes all bodies that are coming in may have.
 * @param tooLarge - The detail for a body with more than `maxBytes`.
 */
export function createBodyReader(
  maxBytes: number,
  maxTotalBytes: number,
  tooLarge: string,
): BodyReader {
  const readings = new Set<Reading>();
  let total = 0;

  const giveUpLargest = (): void => {
    let largest: Reading | undefined;
    for (const reading of readings) {
      if (largest === undefined || reading.bytes > largest.bytes) largest = reading;
    }
    largest?.giveUp(new ProblemError('busy', 'Too many large bodies come in at once.'));
  };

  return (payload) =>
    new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const reading: Reading = { bytes: 0, giveUp: (error) => end(() => reject(error)) };
      const onData = (chunk: Buffer): void => {
        reading.bytes += chunk.length;
        total += chunk.length;
        if (reading.bytes > maxBytes) {
          reading.giveUp(new ProblemError('too_large', tooLarge));
          return;
        }
        chunks.push(chunk);
        if (total > maxTotalBytes) giveUpLargest();
      };
      const onEnd = (): void => end(() => resolve(Buffer.concat(chunks)));
      const onClose = (): void =>
        reading.giveUp(new ProblemError('bad_request', 'The request ended before its body did.'));
      const end = (settle: () => void): void => {
        if (!readings.delete(reading)) return;
        total -= reading.bytes;
        payload.off('data', onData).off('end', onEnd).off('close', onClose);
        // Discards the rest, which would stay in memory without a listener.
        payload.resume();
        settle();
      };
      readings.add(reading);
      payload.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
    });
}

/**
 * Lets the server read JSON, plain or compressed, and no other body.
 *
 * @param onInflated - Called with the size of a body after decompression, before it is parsed. What
 * it throws refuses the request.
 */
export function acceptJson(
  app: App,
  corsOrigins: readonly string[],
  onInflated: (request: FastifyRequest, bytes: number) => void,
): void {
  const readBody = createBodyReader(MAX_BODY_BYTES, MAX_BODIES_BYTES, TOO_LARGE);
  app.removeAllContentTypeParsers();
  const parse = async (request: FastifyRequest, payload: IncomingMessage): Promise<unknown> => {
    const { headers } = request;
    const told = Number(headers['content-length'] ?? 0);
    if (told > MAX_BODY_BYTES) {
      if (told <= MAX_DISCARDED_BYTES) await discardBody(payload, MAX_DISCARDED_BYTES);
      throw new ProblemError('too_large', TOO_LARGE);
    }
    const plain = await readBody(payload).catch(async (error: unknown) => {
      const isTooLarge = error instanceof ProblemError && error.code === 'too_large';
      if (isTooLarge) await discardBody(payload, MAX_DISCARDED_BYTES);
      throw error;
    });
    const body = await inflate(plain, headers['content-encoding']);
    onInflated(request, body.length);
    return parseJson(body);
  };
  app.addContentTypeParser('application/json', parse);
  if (corsOrigins.length === 0) return;
  // What a browser sends without a preflight. A stranger's page must not do so, since a browser
  // also reaches collectors on its machine and in its network.
  app.addContentTypeParser('text/plain', (request: FastifyRequest, payload: IncomingMessage) => {
    if (corsOrigins.includes(request.headers.origin ?? '')) return parse(request, payload);
    throw new ProblemError('wrong_content_type', 'Send application/json.');
  });
}
