import { ProblemError } from '../errors.js';
import { findPrototypeKey } from './find-forbidden.js';

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a body as JSON in UTF-8.
 *
 * @throws `ProblemError` `not_json`, without quoting the body; `forbidden_key` for a key that
 * reaches for an object's prototype: such a body is an attack, and nothing of it is kept.
 */
export function parseJson(body: Uint8Array): unknown {
  const value = parse(body);
  const forbidden = findPrototypeKey(value);
  if (forbidden !== undefined) {
    const { key, path } = forbidden;
    throw new ProblemError('forbidden_key', `The key ${key} is not allowed.`, { path });
  }
  return value;
}

function parse(body: Uint8Array): unknown {
  if (body.length === 0) throw new ProblemError('not_json', 'The body is empty.');
  try {
    return JSON.parse(decoder.decode(body)) as unknown;
  } catch (cause) {
    throw new ProblemError(
      'not_json',
      cause instanceof SyntaxError ? 'The body must be one JSON value.' : 'The body must be UTF-8.',
    );
  }
}
