/** How large a JSON text is, beside its bytes. */
export interface JsonMeasure {
  /** How deep arrays and objects lie in each other. */
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
 * Measures a text before it is parsed: one pass over its bytes, so that a body of brackets costs a
 * few milliseconds, not a second. Says nothing of whether it is JSON.
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
