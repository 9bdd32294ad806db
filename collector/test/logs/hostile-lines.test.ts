import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFileTail } from '../../src/log-reading/file-tail.js';
import { createLineAssembler } from '../../src/log-reading/line-assembler.js';
import { createLineSplitter } from '../../src/log-reading/line-splitter.js';
import type { LogLine } from '../../src/log-reading/log-line.js';
import { parseJsonLine } from '../../src/log-reading/parse-json-line.js';
import { writeAsJson, writeForPeople } from '../../src/log-reading/write-line.js';
import { temporaryFolder } from '../support/temporary-folder.js';

function assemble(...texts: string[]): LogLine[] {
  const assembler = createLineAssembler();
  return [...texts.flatMap((text) => assembler.push(text)), ...assembler.end()];
}

const messagesOf = (lines: readonly LogLine[]): string[] => lines.map(({ message }) => message);

describe('bytes that are no lines', () => {
  it('may be many NUL, as a program leaves them that writes on where the file was cut', () => {
    const splitter = createLineSplitter();
    const nul = Buffer.alloc(300_000);
    expect(splitter.push(nul)).toEqual([]);
    expect(splitter.push(Buffer.from('after the hole\n'))).toEqual(['after the hole']);
    splitter.push(nul);
    expect(splitter.end()).toEqual([]);
  });

  it('may begin with a byte order mark', () => {
    const [line] = createLineSplitter().push(Buffer.from('\uFEFF{"level":50,"msg":"m"}\n'));
    expect(assemble(line ?? '')).toMatchObject([{ level: 'error', message: 'm' }]);
  });
});

describe('JSON that would do harm', () => {
  const nested = (depth: number): string =>
    `{"level":50,"msg":"m","x":${'['.repeat(depth)}${']'.repeat(depth)}}`;

  it.each([10, 1000, 30_000])('may be nested %i deep: it is printed all the same', (depth) => {
    const [line] = assemble(nested(depth));
    if (line === undefined) throw new Error('There is no line.');
    expect(writeForPeople(line, false)).toContain('[[[[');
    expect(JSON.parse(writeAsJson(line))).toMatchObject({ level: depth > 100 ? 'info' : 'error' });
  });

  it('may have the names of a prototype: they are members like any other', () => {
    const text =
      '{"level":50,"msg":"m","__proto__":{"level":"fatal"},"constructor":1,"toString":2}';
    const line = parseJsonLine(text);
    if (line === undefined) throw new Error('There is no line.');
    expect(line.level).toBe('error');
    expect(Object.keys(line.details)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(writeForPeople(line, false)).toContain(' __proto__={"level":"fatal"} constructor=1');
    expect(Object.prototype).not.toHaveProperty('level');
  });

  it.each([
    ['30', 'info'],
    ['50', 'error'],
    [-5, 'trace'],
    [1e9, 'fatal'],
    ['toString', 'info'],
    [[50], 'info'],
    [true, 'info'],
  ])('may have any level: %j is %s', (level, expected) => {
    expect(parseJsonLine(JSON.stringify({ level, msg: 'm' }))?.level).toBe(expected);
  });
});

describe('texts that would take long', () => {
  const date = '2026-11-28 12:00:00.123';
  it.each([
    ['spaces before a name', `${date} | ERROR |${' '.repeat(60_000)}x`],
    ['many colons', `${date} | ERROR | ${':'.repeat(60_000)}x`],
    ['colons and spaces', `${date} | ERROR | ${': '.repeat(30_000)}x`],
    ['digits', `${date} | ERROR | a:b:${'1'.repeat(60_000)}`],
    ['spaces before a bar', `${date}${' '.repeat(60_000)}x`],
    [
      'a frame of brackets and colons',
      JSON.stringify({
        level: 50,
        msg: 'm',
        error: { at: [`${' ('.repeat(9000)}${':1'.repeat(9000)}x`] },
      }),
    ],
  ])('are read in a moment: %s', (_what, text) => {
    const begin = performance.now();
    for (let n = 0; n < 20; n++) expect(assemble(text)).toHaveLength(1);
    expect(performance.now() - begin).toBeLessThan(1000);
  });
});

describe('a traceback with lines like the heads of lines', () => {
  it('keeps what is indented or quoted, and formats may change from line to line', () => {
    const head = '2026-11-28 12:00:00.123 | ERROR    | app:run:1 - ';
    const lines = assemble(
      `${head}it failed`,
      'Traceback (most recent call last):',
      `    ${head}quoted by a frame`,
      `> ${head}quoted by loguru`,
      '{',
      '  "level": 50',
      '}',
      '[2026] is no moment',
      'KeyError: 1',
      '{"level":40,"msg":"of pino"}',
      'plain',
      '  indented',
      `${head}the next`,
    );
    expect(lines.map(({ level, message }) => [level, message.split('\n').length])).toEqual([
      ['error', 9],
      ['warn', 1],
      ['info', 2],
      ['error', 1],
    ]);
  });
});

describe('a file that is followed', () => {
  function follow(path: string, begin?: (size: number) => number) {
    const tail = createFileTail(path, begin === undefined ? {} : { begin });
    onTestFinished(() => tail.close());
    const poll = async (): Promise<string[]> => {
      const lines: string[] = [];
      for await (const line of tail.poll()) lines.push(line);
      return lines;
    };
    return { tail, poll };
  }

  it('says its last line too, though it has no end', async () => {
    const path = join(temporaryFolder(), 'app.log');
    writeFileSync(path, 'a\nb');
    const { tail, poll } = follow(path);
    expect(await poll()).toEqual(['a']);
    expect(tail.end()).toEqual(['b']);
    expect(tail.end()).toEqual([]);
  });

  it('may be one line without an end, longer than what is looked at', async () => {
    const path = join(temporaryFolder(), 'app.log');
    writeFileSync(path, 'x'.repeat(500_000));
    const { tail, poll } = follow(path, (size) => size - 100_000);
    expect(await poll()).toEqual([]);
    const [line = ''] = tail.end();
    expect(line).toBe(`… ${'x'.repeat(65_536)} … (34464 more bytes)`);
  });

  it('that grows while it is read ends where it ended when reading began', async () => {
    const path = join(temporaryFolder(), 'app.log');
    writeFileSync(path, 'line\n'.repeat(30_000));
    const { tail } = follow(path);
    let lines = 0;
    for await (const line of tail.poll()) {
      lines++;
      if (lines % 10 === 0) appendFileSync(path, `${line}\n`.repeat(20));
    }
    expect(lines).toBe(30_000);
  });

  it('may be a link that points elsewhere later', async () => {
    const folder = temporaryFolder();
    const link = join(folder, 'current.log');
    writeFileSync(join(folder, '1.log'), 'a\nb');
    writeFileSync(join(folder, '2.log'), 'c\n');
    symlinkSync('1.log', link);
    const { poll } = follow(link);
    expect(await poll()).toEqual(['a']);
    unlinkSync(link);
    symlinkSync('2.log', link);
    expect(await poll()).toEqual(['b', 'c']);
  });

  it('may be cut while a line is half written', async () => {
    const path = join(temporaryFolder(), 'app.log');
    writeFileSync(path, 'a\nhalf');
    const { poll } = follow(path);
    expect(await poll()).toEqual(['a']);
    truncateSync(path);
    // A program that does not append leaves a hole.
    const fd = openSync(path, 'r+');
    writeSync(fd, 'c\n', 6);
    closeSync(fd);
    expect(await poll()).toEqual(['half', 'c']);
  });

  it('may be replaced by a folder, and come again', async () => {
    const path = join(temporaryFolder(), 'app.log');
    writeFileSync(path, 'a\n');
    const { tail, poll } = follow(path);
    expect([await poll(), tail.missing]).toEqual([['a'], undefined]);
    renameSync(path, `${path}.1`);
    mkdirSync(path);
    expect([await poll(), tail.missing]).toEqual([[], 'EISDIR']);
    renameSync(path, `${path}.d`);
    expect([await poll(), tail.missing]).toEqual([[], 'ENOENT']);
    writeFileSync(path, 'b\n');
    expect([await poll(), tail.missing]).toEqual([['b'], undefined]);
  });
});

it('a message of another program passes no control character on', () => {
  const evil = Array.from({ length: 0x100 }, (_, code) => String.fromCharCode(code)).join('');
  const text = JSON.stringify({ level: 50, msg: evil, source: evil, [evil]: evil, time: evil });
  for (const line of [...assemble(text), ...assemble(evil.replaceAll('\n', ''))]) {
    for (const out of [writeForPeople(line, false), writeAsJson(line)]) {
      expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
  }
  expect(messagesOf(assemble('a\rb\u001B[31m'))).toEqual(['a\rb\u001B[31m']);
});
