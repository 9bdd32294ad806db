import { describe, expect, it } from 'vitest';
import { checkArguments } from '../../src/check/check-arguments.js';
import { quotedForWindows } from '../../src/check/processes.js';

const DEFAULTS = {
  forMs: undefined,
  limitMs: 60_000,
  runs: 3,
  delayMs: 500,
  manifest: 'headcount.manifest.json',
  optIn: false,
  json: false,
};

describe('the arguments of check', () => {
  it.each([
    [['--', 'node', 'cli.js', '--json'], { command: ['node', 'cli.js', '--json'] }],
    [['node', 'cli.js', '--', '--for'], { command: ['node', 'cli.js', '--', '--for'] }],
    [
      ['--for=1.5', '--limit', '2.5', '--runs', '5', '--json', 'npm', 'start'],
      { command: ['npm', 'start'], forMs: 1500, limitMs: 2500, runs: 5, json: true },
    ],
    [
      ['--opt-in', '--manifest=a=b.json', '--delay', '0', '--', '--odd'],
      { command: ['--odd'], optIn: true, manifest: 'a=b.json', delayMs: 0 },
    ],
  ])('%j', (args, expected) => {
    expect(checkArguments(args)).toEqual({ ...DEFAULTS, ...expected });
  });

  it.each(['--help', '-h'])('%s is the help, unless it is the program’s', (flag) => {
    expect(checkArguments([flag])).toBe('help');
    expect(checkArguments(['node', flag])).toEqual({ ...DEFAULTS, command: ['node', flag] });
  });
});

describe('a word for cmd.exe', () => {
  it.each([
    ['cli.js', '^"cli.js^"'],
    ['my app.js', '^"my^ app.js^"'],
    ['a&b|c%PATH%', '^"a^&b^|c^%PATH^%^"'],
    ['say "hi"', String.raw`^"say^ \^"hi\^"^"`],
    [String.raw`C:\my app` + '\\', String.raw`^"C:\my^ app\\^"`],
  ])('%s', (word, quoted) => {
    expect(quotedForWindows(word)).toBe(quoted);
  });
});
