import { describe, expect, it } from 'vitest';
import { measureJson } from '../../src/intake/parse-json.js';

const measure = (text: string) => measureJson(Buffer.from(text));

describe('the measure of a JSON text', () => {
  it.each([
    ['1', 0, 1],
    ['[]', 1, 2],
    ['{"a":[1,2,{"b":null}]}', 3, 6],
    ['["[[[[{{{{,,,,"]', 1, 2],
    ['["\\"[[[[", "\\\\", [1]]', 2, 5],
    ['', 0, 1],
    [']]]]', 0, 1],
    ['[[[', 3, 4],
  ])('counts what is no text: %s', (text, depth, values) => {
    expect(measure(text)).toEqual({ depth, values });
  });

  it('is never below the values there are', () => {
    const value = { reports: Array.from({ length: 50 }, (_, n) => ({ n, fields: { a: [n] } })) };
    const count = (node: unknown): number =>
      typeof node === 'object' && node !== null
        ? 1 + Object.values(node).reduce((sum: number, child) => sum + count(child), 0)
        : 1;
    expect(measure(JSON.stringify(value)).values).toBeGreaterThanOrEqual(count(value));
  });
});
