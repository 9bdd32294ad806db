import { describe, expect, it } from 'vitest';
import { childFlags, splitNodeOptions } from '../../../src/host/deferred/child-flags.js';

const PATHS = { full: (path: string) => (path.startsWith('/') ? path : `/work/${path}`) };

describe('NODE_OPTIONS', () => {
  // https://nodejs.org/api/cli.html#node_optionsoptions: blanks separate, double quotes join.
  it.each([
    ['', []],
    ['   ', []],
    ['--a --b', ['--a', '--b']],
    ['  --a   --b=c ', ['--a', '--b=c']],
    ['--require "./my path/file.js"', ['--require', './my path/file.js']],
    ['"--a=b c" --d', ['--a=b c', '--d']],
    ['--a="b c"d', ['--a=b cd']],
    [String.raw`--a="b\"c\\d"`, [String.raw`--a=b"c\d`]],
    [String.raw`--a=b\c`, [String.raw`--a=b\c`]],
    [String.raw`--a="b\ `.trim(), ['--a=b']],
    ['--a=\tb', ['--a=\tb']],
    ["--a='b c'", ["--a='b", "c'"]],
  ])('%j is read as Node.js reads it', (text, parts) => {
    expect(splitNodeOptions(text)).toEqual(parts);
  });
});

describe('the flags of the child', () => {
  it.each<[string, string[], string, string[]]>([
    ['none of none', [], '', []],
    ['both places, NODE_OPTIONS first', ['--jitless'], '--no-opt', ['--no-opt', '--jitless']],
    ['underscores', ['--max_old_space_size=64'], '', ['--max-old-space-size=64']],
    ['V8’s other negation', ['--noopt'], '', ['--noopt']],
    ['a value that follows', ['--secure-heap', '32768'], '', ['--secure-heap=32768']],
    ['a relative path', [], '--openssl-config=my.cnf', ['--openssl-config=/work/my.cnf']],
    ['quotes', [], '"--tls-cipher-list=A B"', ['--tls-cipher-list=A B']],
    ['no code', ['-r', './x.cjs', '--import=y', '-e', 'z', '--loader', 'l'], '', []],
    ['no inspector', ['--inspect', '--inspect-brk=0', '--cpu-prof'], '--debug-port=1', []],
    ['no name that only begins alike', ['--jitless-not', '--optimistic'], '', []],
    ['no value of another flag', ['--title', 'jitless'], '', []],
  ])('are %s', (_name, execArgv, nodeOptions, flags) => {
    expect(childFlags(execArgv, nodeOptions, PATHS)).toEqual(flags);
  });
});
