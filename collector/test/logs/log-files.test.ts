import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, describe, expect, it } from 'vitest';
import { openLogFiles } from '../../src/logs/log-files.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const MIB = 1024 ** 2;

function open({ zone = 'UTC', maxBytes = 32 * MIB, at = '2026-11-28T12:00:00Z' } = {}) {
  const folder = join(temporaryFolder(), 'logs');
  let [now, ms] = [new Date(at), 0];
  const files = openLogFiles({ folder, zone, maxBytes, now: () => now, monotonicMs: () => ms });
  onTestFinished(() => files.close());
  return {
    files,
    folder,
    write: async (line: string): Promise<void> => {
      files.write('access', `${line}\n`);
      await files.idle();
    },
    setClock: (text: string): void => {
      now = new Date(text);
    },
    wait: (passedMs: number): void => {
      ms += passedMs;
    },
    list: (): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []),
    read: (name: string): string => readFileSync(join(folder, name), 'utf8'),
  };
}

describe('the files of the log', () => {
  it('are one a day and class, from midnight to midnight of the zone', async () => {
    const { write, setClock, list, read } = open({ zone: 'Europe/Berlin' });
    setClock('2026-11-28T22:59:59.999Z');
    await write('a');
    setClock('2026-11-28T23:00:00.000Z');
    await write('b');
    // Asleep for two midnights.
    setClock('2026-12-01T08:00:00Z');
    await write('c');
    // The clock is put back.
    setClock('2026-11-28T23:30:00Z');
    await write('d');
    expect(list()).toEqual([
      'access-2026-11-28.ndjson',
      'access-2026-11-29.ndjson',
      'access-2026-12-01.ndjson',
    ]);
    expect(read('access-2026-11-28.ndjson')).toBe('a\n');
    expect(read('access-2026-11-29.ndjson')).toBe('b\nd\n');
    expect(read('access-2026-12-01.ndjson')).toBe('c\n');
  });

  it('are for their owner alone, and there only once something is written', async () => {
    const { files, folder, list, write } = open();
    expect(list()).toEqual([]);
    await write('a');
    files.write('error', 'b\n');
    await files.idle();
    expect(list()).toEqual(['access-2026-11-28.ndjson', 'error-2026-11-28.ndjson']);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'access-2026-11-28.ndjson')).mode & 0o777).toBe(0o600);
  });

  it('take no more room than they may: the oldest go', async () => {
    const { files, folder, write, setClock, list } = open({ maxBytes: 64 * 1024 });
    const line = 'x'.repeat(999);
    for (let day = 1; day <= 20; day++) {
      setClock(`2026-11-${String(day).padStart(2, '0')}T12:00:00Z`);
      for (let n = 0; n < 5; n++) await write(`${day} ${line}`);
      const bytes = list().reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
      expect(bytes).toBeLessThanOrEqual(32 * 1024);
    }
    const names = list();
    expect(names).toContain('access-2026-11-20.1.ndjson');
    expect(names).not.toContain('access-2026-11-01.ndjson');
    // What requests fill takes nothing of the room for errors.
    files.write('error', 'e\n');
    await files.idle();
    expect(list()).toContain('error-2026-11-20.ndjson');
  });

  it('go on after a crash in the middle of a line', async () => {
    const { folder, write, read } = open();
    mkdirSync(folder);
    writeFileSync(join(folder, 'access-2026-11-28.ndjson'), '{"a":1}\n{"tor');
    await write('{"b":1}');
    expect(read('access-2026-11-28.ndjson')).toBe('{"a":1}\n{"tor\n{"b":1}\n');
  });

  it('are opened anew if another program renames, cuts or removes them, or says so', async () => {
    const { files, folder, write, wait, read, list } = open();
    const path = join(folder, 'access-2026-11-28.ndjson');
    await write('a');
    renameSync(path, `${path}.1`);
    wait(1000);
    await write('b');
    expect(read('access-2026-11-28.ndjson.1')).toBe('a\n');
    expect(read('access-2026-11-28.ndjson')).toBe('b\n');
    renameSync(path, `${path}.2`);
    files.reopen();
    await write('c');
    expect(read('access-2026-11-28.ndjson')).toBe('c\n');
    truncateSync(path);
    await write('d');
    expect(read('access-2026-11-28.ndjson')).toBe('d\n');
    rmSync(folder, { recursive: true });
    wait(1000);
    await write('e');
    expect(list()).toEqual(['access-2026-11-28.ndjson']);
    expect(read('access-2026-11-28.ndjson')).toBe('e\n');
  });

  it('that cannot be opened drop lines, say how many, and are tried again', async () => {
    const { files, folder, write, wait, setClock, read } = open();
    writeFileSync(folder, 'no folder');
    await write('a');
    await write('b');
    expect(files.dropped).toEqual({
      lines: 2,
      since: new Date('2026-11-28T12:00:00Z'),
      code: 'EEXIST',
    });
    rmSync(folder);
    await write('c'); // too early for another attempt
    wait(1000);
    setClock('2026-11-28T12:00:05Z');
    await write('d');
    expect(read('access-2026-11-28.ndjson')).toBe(
      '{"level":"warn","time":"2026-11-28T12:00:05.000Z","source":"log","dropped_lines":3,' +
        '"dropped_since":"2026-11-28T12:00:00.000Z","code":"EEXIST",' +
        '"msg":"earlier lines of the log could not be written"}\nd\n',
    );
    expect(files.dropped).toBeUndefined();
  });

  it('are cleared, and begin anew', async () => {
    const { files, write, list, read } = open();
    await write('abc');
    expect(await files.clear()).toEqual({ files: 1, bytes: 4 });
    expect(list()).toEqual([]);
    await write('d');
    expect(read('access-2026-11-28.ndjson')).toBe('d\n');
  });
});
