import { describe, expect, it } from 'vitest';
import { compareOutputs } from '../../src/check/compare-outputs.js';
import type { Run } from '../../src/check/run-program.js';

const runs = (...texts: string[]): Run[] =>
  texts.map((stdout) => ({
    code: 0,
    signal: null,
    stdout,
    stderr: '',
    ms: 100,
    wasEnded: false,
    hung: false,
    holdsOutput: false,
  }));
const compare = (on: string[], off: string[]) =>
  compareOutputs('stdout', runs(...on), runs(...off));

describe('what is printed with telemetry on and off', () => {
  it.each([
    ['nothing', ['', ''], ['', '']],
    ['the same', ['a\nb\n', 'a\nb\n'], ['a\nb\n', 'a\nb\n']],
    ['other homes', ['in /tmp/headcount-test-home-aB1/x'], ['in /tmp/headcount-test-home-Xy9/x']],
  ])('does not differ: %s', (_, on, off) => {
    expect(compare(on, off)).toEqual({ difference: undefined, note: undefined });
  });

  it.each([
    ['numbers that vary', ['took 12 ms', 'took 7 ms'], ['took 9 ms', 'took 11 ms'], /numbers/],
    ['lines that vary', ['a\nx', 'b\ny'], ['c\nz', 'd\nx'], /varies from run to run/],
    ['lines in another order', ['a\nb', 'b\na'], ['b\na', 'a\nb'], /varies/],
  ])('does not differ by %s, and says so', (_, on, off, note) => {
    const found = compare(on, off);
    expect(found.difference).toBeUndefined();
    expect(found.note).toMatch(note);
  });

  it.each([
    ['a line', ['a\nsent\n', 'a\nsent\n'], ['a\n', 'a\n'], 'line 2: on "sent", off ""'],
    ['a line that is missing', ['', ''], ['a', 'a'], 'line 1: on "", off "a"'],
    ['a number that is always another', ['sent 1', 'sent 1'], ['sent 0', 'sent 0'], '"sent 1"'],
    ['a line of one run', ['a', 'a\nsent'], ['a', 'a'], 'line 2: on "sent", off nothing'],
    ['a line beside numbers', ['sent\n1', 'sent\n2'], ['3', '4'], 'on "sent"'],
    ['a line beside others', ['a\nsent 1', 'b\nsent 2'], ['c', 'd'], 'in every run'],
    ['a missing line beside others', ['a', 'b'], ['c\nfast', 'd\nfast'], 'lacks a line'],
  ])('differs by %s', (_, on, off, text) => {
    expect(compare(on, off).difference).toContain(text);
  });

  it.each([
    [
      'a leak at the end of a line that varies',
      ['a\nx7 ada', 'a\ny8 ada'],
      ['a\nz9', 'a\nv5'],
      '"x7 ada"',
    ],
    ['a number', ['a 1\nb', 'a 2\nb'], ['a 3\nb', 'a 4\nb'], '"a 1"'],
    ['many lines', ['a\nb\nc\nd\ne\nz', 'f\nz'], ['g\nz', 'h\nz'], '"a", "b", "c" and 2 more'],
  ])('names the lines that it did not compare: %s', (_, on, off, lines) => {
    const { difference, note } = compare(on, off);
    expect(difference).toBeUndefined();
    expect(note?.split('; not compared: ')[1]).toBe(lines);
  });

  it('quotes a long line shortly', () => {
    const { difference = '' } = compare(['x'.repeat(9_000)], ['']);
    expect(difference.length).toBeLessThan(200);
  });
});
