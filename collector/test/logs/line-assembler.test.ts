import { describe, expect, it } from 'vitest';
import { createLineAssembler } from '../../src/log-reading/line-assembler.js';
import type { LogLine } from '../../src/log-reading/log-line.js';
import { createLineSplitter } from '../../src/log-reading/line-splitter.js';
import { writeAsJson, writeForPeople } from '../../src/log-reading/write-line.js';

/** What the bytes of a log are read as. */
function read(bytes: Buffer | string, pieces = 7) {
  const splitter = createLineSplitter();
  const assembler = createLineAssembler();
  const all = Buffer.from(bytes);
  const texts: string[] = [];
  for (let at = 0; at < all.length; at += pieces) {
    texts.push(...splitter.push(all.subarray(at, at + pieces)));
  }
  texts.push(...splitter.end());
  return [...texts.flatMap((text) => assembler.push(text)), ...assembler.end()];
}

const local = (text: string): string => new Date(text).toISOString();

const LOGURU = `2026-11-28 12:00:00.123 | INFO     | app.main:run:42 - started: a - b | c
2026-11-28 12:00:01.456 | ERROR    | app.main:<module>:7 - it failed
Traceback (most recent call last):

  File "/app/main.py", line 7, in <module>
    run()
ValueError: no
2026-11-28 12:00:02.000 | SUCCESS  | __main__:<lambda>:1 - done
2026-11-28 12:00:03.000 | CRITICAL | a:b:2 -${' '}
`;

describe('lines of loguru', () => {
  it('have their parts, and tracebacks go on with them', () => {
    expect(read(LOGURU)).toEqual([
      {
        ...{ time: local('2026-11-28T12:00:00.123'), level: 'info', source: 'app.main' },
        ...{ function: 'run', line: 42, message: 'started: a - b | c', details: {} },
      },
      {
        ...{ time: local('2026-11-28T12:00:01.456'), level: 'error', source: 'app.main' },
        ...{ function: '<module>', line: 7, details: {} },
        message:
          'it failed\nTraceback (most recent call last):\n\n  File "/app/main.py", line 7, in ' +
          '<module>\n    run()\nValueError: no',
      },
      {
        ...{ time: local('2026-11-28T12:00:02.000'), level: 'info', source: '__main__' },
        ...{ function: '<lambda>', line: 1, message: 'done', details: {} },
      },
      {
        ...{ time: local('2026-11-28T12:00:03.000'), level: 'fatal', source: 'a' },
        ...{ function: 'b', line: 2, message: '', details: {} },
      },
    ]);
  });
});

describe('lines of pino', () => {
  it.each([
    [10, 'trace'],
    [35, 'info'],
    [50, 'error'],
    [65, 'fatal'],
    ['WARN', 'warn'],
    ['strange', 'info'],
    [null, 'info'],
  ])('have numbers or words for levels: %s is %s', (level, expected) => {
    const text = JSON.stringify({ level, time: 1_764_331_200_123, name: 'api', msg: 'm', pid: 1 });
    expect(read(text)).toEqual([
      {
        ...{ time: '2025-11-28T12:00:00.123Z', level: expected, source: 'api', function: '' },
        ...{ line: 0, message: 'm', details: { pid: 1 } },
      },
    ]);
  });

  it.each([
    [1_764_331_200, '2025-11-28T12:00:00.000Z'],
    ['2025-11-28T13:00:00+01:00', '2025-11-28T12:00:00.000Z'],
    ['nonsense', null],
    [1e300, null],
    [undefined, null],
  ])('have moments in several forms: %s', (time, expected) => {
    expect(read(JSON.stringify({ level: 30, time, msg: 'm' }))[0]?.time).toBe(expected);
  });
});

describe('other lines', () => {
  it('are one each, with a moment and a level if they say them', () => {
    const text =
      'hello\n2026-11-28T12:00:00Z WARN disk is low\n[2026-11-28 12:00:01,5] ERROR: no\n\tat a\n{"torn\n';
    expect(read(text).map(({ time, level, message }) => [time, level, message])).toEqual([
      [null, 'info', 'hello'],
      ['2026-11-28T12:00:00.000Z', 'warn', 'WARN disk is low'],
      [local('2026-11-28T12:00:01.500'), 'error', 'ERROR: no\n\tat a'],
      [null, 'info', '{"torn'],
    ]);
  });

  it('may end with CR and LF, be no UTF-8, or end with the file', () => {
    const bytes = Buffer.concat([
      Buffer.from('a\r\nb'),
      Buffer.from([0xff, 0xc3]),
      Buffer.from('c'),
    ]);
    expect(read(bytes).map(({ message }) => message)).toEqual(['a', 'b\uFFFD\uFFFDc']);
  });

  it('that are very long are cut, and so are tracebacks', () => {
    const [first, second] = read(`${'x'.repeat(1_000_000)}\nnext\n`, 65_536);
    expect(first?.message).toBe(`${'x'.repeat(65_536)} … (934464 more bytes)`);
    expect(second?.message).toBe('next');
    const endless = `2026-11-28 12:00:00.123 | ERROR | a:b:1 - m\n${'y\n'.repeat(50_000)}`;
    expect(read(endless, 65_536)[0]?.message).toMatch(/\n… \(\d+ more lines\)$/);
  });
});

describe('a line that is printed', () => {
  const evil: LogLine = {
    ...{ time: '2026-11-28T12:00:00.000Z', level: 'error', source: 'a\u001B[2J', function: 'f' },
    ...{
      line: 3,
      message: 'x\u001B]0;title\u0007\u009B31m\u202Egnp.exe\rback\n\u001B[1A\u{E0041}',
    },
    details: {
      'k\u001B': 'v\u0085',
      n: 1,
      text: 'two words',
      error: { name: 'E', at: ['f (a:1:2)'] },
    },
  };

  it('moves no cursor and hides nothing on a terminal', () => {
    expect(writeForPeople(evil, false)).toBe(
      '2026-11-28T12:00:00.000Z ERROR a\uFFFD[2J: x\uFFFD]0;title\uFFFD\uFFFD31m\uFFFDgnp.exe\uFFFDback' +
        ' k\uFFFD=v\uFFFD n=1 text="two words" name=E\n    \uFFFD[1A\uFFFD\n    at f (a:1:2)\n',
    );
    expect(writeForPeople(evil, true)).toContain(' \u001B[31mERROR\u001B[0m ');
  });

  it('is the same line as JSON, with every such character escaped', () => {
    const text = writeAsJson(evil);
    expect(JSON.parse(text)).toEqual(evil);
    expect(text).toMatch(/^[^\p{C}]*\n$/u);
  });
});
