import { promisify } from 'node:util';
import { brotliDecompress, gunzip } from 'node:zlib';
import { ERRORS, ProblemError } from '../errors.js';
import { hasCode } from '../has-code.js';
import { MAX_BODY_BYTES, MAX_COMPRESSED_BYTES, TOO_LARGE } from './limits.js';

type Inflater = (body: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>;

/** Decompressors by content encoding. They run in libuv's threads, and stop at the limit. */
const INFLATERS: ReadonlyMap<string, Inflater> = new Map([
  ['gzip', promisify(gunzip)],
  // RFC 9110 asks servers to accept this old name of gzip.
  ['x-gzip', promisify(gunzip)],
  ['br', promisify(brotliDecompress)],
]);

/**
 * libuv has four threads, so more at a time would be no faster, and each may take 16 MiB for
 * brotli's largest window.
 */
const passGate = createGate(4);

/** zlib's codes for a machine without free memory, which is not the client's fault. */
const OUT_OF_MEMORY = /^Z_MEM_ERROR$|_ALLOC_/;

/**
 * Decompresses a body.
 *
 * @param encoding - Its `content-encoding`, as it was sent.
 * @throws `ProblemError` for an encoding that is not supported, for several in a row, for a body
 * that is too large on the wire or beyond it, and for one that is corrupt.
 */
export async function inflate(body: Buffer, encoding = 'identity'): Promise<Buffer> {
  const name = encoding.trim().toLowerCase();
  if (name === 'identity') return body;
  const inflater = INFLATERS.get(name);
  if (inflater === undefined) {
    const { acceptEncoding } = ERRORS.wrong_content_encoding;
    throw new ProblemError('wrong_content_encoding', `Send one of ${acceptEncoding}.`);
  }
  if (body.length > MAX_COMPRESSED_BYTES) throw new ProblemError('too_large', TOO_LARGE);
  try {
    return await passGate(() => inflater(body, { maxOutputLength: MAX_BODY_BYTES }));
  } catch (error) {
    throw explain(error);
  }
}

function explain(error: unknown): unknown {
  if (hasCode(error, 'ERR_BUFFER_TOO_LARGE')) return new ProblemError('too_large', TOO_LARGE);
  if (error instanceof Error && 'code' in error && OUT_OF_MEMORY.test(String(error.code))) {
    return error;
  }
  return new ProblemError('corrupt_body', 'The body is not what its content-encoding says.');
}

/** Runs work as soon as there is a free place. */
export type Gate = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Limits how much work runs at the same time. The rest is queued in order. */
export function createGate(width: number): Gate {
  const waiting: (() => void)[] = [];
  let free = width;

  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      // The place is handed to the next in the queue, so that no newcomer overtakes it.
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
