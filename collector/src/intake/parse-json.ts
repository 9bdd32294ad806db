import { ProblemError } from '../errors.js';
import { findPrototypeKey } from './find-forbidden.js';
import { MAX_JSON_DEPTH, MAX_JSON_VALUES } from './limits.js';
import { measureJson } from './measure-json.js';

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a body as JSON in UTF-8.
 *
 * @throws `ProblemError` `not_json`, without quoting the body; `too_complex` for more than any
 * report has; `forbidden_key` for a key that reaches for an object's prototype: such a body is an
 * attack, and nothing of it is kept.
 */
export function parseJson(body: Uint8Array): unknown {
  const { depth, values } = measureJson(body);
  if (depth > MAX_JSON_DEPTH || values > MAX_JSON_VALUES) {
    throw new ProblemError(
      'too_complex',
      `A body has at most ${MAX_JSON_VALUES} values, at most ${MAX_JSON_DEPTH} deep in each other.`,
    );
  }
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
