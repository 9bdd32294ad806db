import { describe, expect, it } from 'vitest';
import { type Awaiting, createReplyReader } from '../../src/shared-answers/reply-reader.js';

/** A reader for commands of which each takes `OK`, or a value of so many bytes. */
function create(...limits: (number | undefined)[]) {
  const told: unknown[] = [];
  const awaited = limits.map((maxBytes): Awaiting => {
    return {
      maxBytes,
      resolve: (value) => told.push(value?.toString('latin1') ?? 'OK'),
      reject: (error) => told.push(error),
    };
  });
  const read = createReplyReader(awaited);
  return { told, awaited, read: (text: string) => read(Buffer.from(text, 'latin1')) };
}

const OK = undefined;

describe('replies of Redis', () => {
  const TEXT = '+OK\r\n$5\r\n\r\n+\0\xFF\r\n$0\r\n\r\n-OOM full\r\n$1\r\n$\r\n';
  const EXPECTED = ['OK', '\r\n+\0\xFF', '', new Error('OOM full'), '$'];

  it.each([1, 2, 3, 7, TEXT.length])('are read in parts of %i bytes', (length) => {
    const { told, awaited, read } = create(OK, 5, 0, OK, 9);
    for (let at = 0; at < TEXT.length; at += length) read(TEXT.slice(at, at + length));
    expect(told).toEqual(EXPECTED);
    expect(awaited).toEqual([]);
  });

  it('are read up to the longest value and the longest line', () => {
    const { told, read } = create(1_048_576, OK);
    read(`$1048576\r\n${'x'.repeat(1_048_576)}\r\n-${'e'.repeat(1021)}\r\n`);
    expect(told).toEqual(['x'.repeat(1_048_576), new Error('e'.repeat(1021))]);
  });
});

describe('something else', () => {
  it.each([
    ['a byte that nobody waits for', [], '+'],
    ['a byte after the last reply', [OK], '+OK\r\n\r'],
    ['a value for a command that takes none', [OK], '$1\r\n'],
    ['OK for a command that wants a value', [5], '+OK\r\n'],
    ['another word', [OK], '+PONG\r\n'],
    ['a value that is too long', [5], '$6\r\n'],
    ['a value of an endless length', [5], `$${'9'.repeat(400)}\r\n`],
    ['no value', [5], '$-1\r\n'],
    ['a length that is none', [5], '$0x2\r\n'],
    ['an empty length', [5], '$\r\n'],
    ['a value that goes on', [5], '$2\r\nabc\r'],
    ['a line with another end', [OK], '+OK\n'],
    ['a line without an end', [OK], `-${'e'.repeat(1023)}`],
    ['a list', [5], '*'],
    ['a map', [5], '%'],
    ['a notice', [5], '>'],
    ['an attribute', [5], '|'],
    ['null', [5], '_'],
    ['a number', [5], ':'],
    ['an empty line', [5], '\r'],
  ] as const)('is refused at its last byte: %s', (_, limits, text) => {
    const { told, read } = create(...limits);
    for (const byte of text.slice(0, -1)) read(byte);
    expect(() => read(text.slice(-1))).toThrow(/does not reply as Redis does/);
    expect(told).toHaveLength(text.startsWith('+OK\r\n') && limits[0] === OK ? 1 : 0);
  });

  it('is refused at its first byte in whatever part it comes', () => {
    const { told, read } = create(5);
    expect(() => read(`$1\r\nx\r\n*32000000\r\n`)).toThrow(/more than was asked for/);
    expect(told).toEqual(['x']);
  });
});
