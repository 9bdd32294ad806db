import { ProblemError } from '../errors.js';
import { findPrototypeKey } from './find-forbidden.js';
import { MAX_JSON_DEPTH, MAX_JSON_VALUES } from './limits.js';

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

/** The depth and the number of values of a JSON text. */
export interface JsonMeasure {
  /** How deep arrays and objects are nested. */
  readonly depth: number;
  /** Members and elements, give or take one for each array and object. */
  readonly values: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/**
 * Measures a text before it is parsed, in one pass over its bytes: a body of brackets costs a few
 * milliseconds instead of a second. It does not check the syntax.
 */
export function measureJson(body: Uint8Array): JsonMeasure {
  let depth = 0;
  let deepest = 0;
  let values = 1;
  let inText = false;
  for (let index = 0; index < body.length; index++) {
    const byte = body[index] ?? 0;
    if (inText) {
      if (byte === BACKSLASH) index++;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) {
      inText = true;
    } else if (byte === COMMA) {
      values++;
    } else if (byte === OPENING_BRACKET || byte === OPENING_BRACE) {
      values++;
      depth++;
      if (depth > deepest) deepest = depth;
    } else if (byte === CLOSING_BRACKET || byte === CLOSING_BRACE) {
      depth--;
    }
  }
  return { depth: deepest, values };
}
