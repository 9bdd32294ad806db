import {
  appendFileSync,
  copyFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, describe, expect, it } from 'vitest';
import { createFileTail } from '../../src/log-reading/file-tail.js';
import { followOwn, readForwards } from '../../src/log-reading/own-lines.js';
import { temporaryFolder } from '../support/temporary-folder.js';

function start(begin?: (size: number) => number) {
  const path = join(temporaryFolder(), 'app.log');
  const tail = createFileTail(path, begin === undefined ? {} : { begin });
  onTestFinished(() => tail.close());
  return {
    path,
    tail,
    poll: async (): Promise<string[]> => {
      const lines: string[] = [];
      for await (const line of tail.poll()) lines.push(line);
      return lines;
    },
  };
}

describe('a file that is followed', () => {
  it('may come later, and grow by parts of lines', async () => {
    const { path, tail, poll } = start();
    expect([await poll(), tail.missing]).toEqual([[], 'ENOENT']);
    writeFileSync(path, 'a\nhal');
    expect([await poll(), tail.missing]).toEqual([['a'], undefined]);
    appendFileSync(path, 'f\nb\n');
    expect(await poll()).toEqual(['half', 'b']);
    expect(await poll()).toEqual([]);
  });

  it('may be renamed and created anew: nothing of either is lost', async () => {
    const { path, poll } = start();
    writeFileSync(path, 'a\n');
    await poll();
    appendFileSync(path, 'b\nlast');
    renameSync(path, `${path}.1`);
    expect(await poll()).toEqual(['b', 'last']);
    writeFileSync(path, 'c\n');
    expect(await poll()).toEqual(['c']);
    appendFileSync(path, 'd\n');
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'e\n');
    expect(await poll()).toEqual(['d', 'e']);
    rmSync(path);
    // The next file may get the number of the one that is gone.
    writeFileSync(path, 'f\n');
    expect(await poll()).toEqual(['f']);
  });

  it('may be copied and cut, also if it has grown beyond its old size since', async () => {
    const { path, poll } = start();
    writeFileSync(path, 'a\nb\n');
    await poll();
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
    expect(await poll()).toEqual([]);
    appendFileSync(path, 'c\n');
    expect(await poll()).toEqual(['c']);
    truncateSync(path);
    appendFileSync(path, 'much longer than before\nd\n');
    expect(await poll()).toEqual(['much longer than before', 'd']);
  });

  it('may begin near its end, with a whole line', async () => {
    const { path, poll } = start((size) => size - 6);
    writeFileSync(path, 'first\nsecond\nthird\n');
    expect(await poll()).toEqual(['third']);
  });
});

describe('the collector’s own files', () => {
  const line = (second: number, msg: string): string =>
    `${JSON.stringify({ level: 'info', time: `2026-11-28T12:00:0${second}.000Z`, msg })}\n`;

  it('are read in the order of time, over days and parts', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'access-2026-11-27.ndjson'), line(1, 'a'));
    writeFileSync(join(folder, 'access-2026-11-28.ndjson'), line(2, 'b') + line(5, 'e'));
    writeFileSync(join(folder, 'access-2026-11-28.10.ndjson'), line(7, 'g'));
    writeFileSync(join(folder, 'access-2026-11-28.9.ndjson'), line(6, 'f'));
    writeFileSync(
      join(folder, 'error-2026-11-28.ndjson'),
      `${line(3, 'c')}{"torn\n${line(4, 'd')}`,
    );
    const said: string[] = [];
    for await (const { message } of readForwards(folder, ['access', 'error'])) said.push(message);
    expect(said.join('')).toBe('abcdefg');
  });

  it('are followed from day to day', async () => {
    const folder = temporaryFolder();
    const path = (day: number): string => join(folder, `access-2026-11-${day}.ndjson`);
    writeFileSync(path(27), line(1, 'old'));
    const tail = await followOwn(folder, ['access', 'error']);
    onTestFinished(() => tail.close());
    const poll = async () => (await tail.poll()).map(({ message }) => message).join('');
    expect(await poll()).toBe('');
    appendFileSync(path(27), line(2, 'a'));
    writeFileSync(join(folder, 'error-2026-11-27.ndjson'), line(1, 'e'));
    expect(await poll()).toBe('ea');
    appendFileSync(path(27), line(3, 'b'));
    writeFileSync(path(28), line(4, 'c'));
    expect(await poll()).toBe('bc');
    appendFileSync(path(28), line(5, 'd'));
    expect(await poll()).toBe('d');
  });
});
