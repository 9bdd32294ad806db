import { describe, expect, it } from 'vitest';
import { findNul, findPrototypeKey } from '../../src/intake/find-forbidden.js';

const parse = (text: string): unknown => JSON.parse(text);

describe('what is forbidden in a body', () => {
  it('is found however deep, and named by its JSON pointer', () => {
    const body = parse('{"reports":[{},{"info":{"a/b":{"c~d":{"__proto__":{"x":1}}}}}]}');
    expect(findPrototypeKey(body)).toEqual({
      key: '__proto__',
      path: '/reports/1/info/a~1b/c~0d/__proto__',
    });
  });

  it('is a key that reaches for a prototype, not any that is called constructor', () => {
    expect(findPrototypeKey(parse('{"constructor":"Acme Ltd"}'))).toBeUndefined();
    expect(findPrototypeKey(parse('{"constructor":{"prototype":{"x":1}}}'))).toEqual({
      key: 'constructor',
      path: '/constructor',
    });
  });

  it('is a NUL, in a value and in a key', () => {
    expect(findNul({ info: { os: 'Li\0nux' } })).toEqual({ key: 'os', path: '/info/os' });
    expect(findNul(['a', { 'x\0': 1 }])).toEqual({ key: 'x\0', path: '/1/x\0' });
    expect(findNul({ info: { os: 'Linux' }, list: [1, null, 'a'] })).toBeUndefined();
  });

  it('has a pointer of bounded length', () => {
    let body: unknown = '\0';
    for (let depth = 0; depth < 10_000; depth++) body = { key: body };
    expect(findNul(body)?.path).toHaveLength(256);
  });
});
