import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { realPlatform } from '../support/real-platform.js';
import { fileOutbox } from '../../src/storage/file-outbox.js';
import { fileValues } from '../../src/storage/file-storage.js';
import type { OutboxStorage } from '../../src/storage/storage.js';
import { keyValueContract } from '../contracts/key-value-contract.js';
import { outboxContract } from '../contracts/outbox-contract.js';
import { tempFolder } from '../support/temp-folder.js';

const platform = realPlatform();

function open({
  folder = tempFolder(),
  pid = process.pid,
  scope = platform.processes.scope(),
  dyingPid = undefined as number | undefined,
  nowMs = undefined as number | undefined,
} = {}) {
  const folders = {
    config: join(folder, 'config'),
    state: folder,
    outbox: join(folder, 'outbox'),
  };
  const processes = { ...platform.processes, pid, scope: () => scope };
  const now = (): number => nowMs ?? Date.now();
  const outbox = fileOutbox(folders.outbox, { ...platform, processes, now }, dyingPid);
  return { folders, ...fileValues(folders.config, platform.files), outbox };
}

keyValueContract('files', () => open());
outboxContract('files', () => open().outbox);

describe('file storage', () => {
  /** No process has this number: Linux gives at most 4194304, macOS 99999. */
  const DEAD = 2 ** 30;

  it('makes folders and files that only their owner can read', async () => {
    const { folders, ...storage } = open();
    await storage.setIfAbsent('anonymous-id', '0123456789abcdef time');
    await storage.set('choice', 'on');
    storage.outbox.append('a\n');
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect(mode(folders.config)).toBe('700');
    expect(mode(folders.outbox)).toBe('700');
    expect(mode(join(folders.config, 'anonymous-id'))).toBe('600');
    expect(mode(join(folders.config, 'choice'))).toBe('600');
    expect(readdirSync(folders.outbox).map((name) => mode(join(folders.outbox, name)))).toEqual([
      '600',
    ]);
  });

  it('leaves no draft behind', async () => {
    const { folders, ...storage } = open();
    await storage.setIfAbsent('anonymous-id', 'a');
    await storage.setIfAbsent('anonymous-id', 'b');
    await storage.set('anonymous-id', 'c');
    expect(readdirSync(folders.config)).toEqual(['anonymous-id']);
    expect(readFileSync(join(folders.config, 'anonymous-id'), 'utf8')).toBe('c\n');
  });

  it('gives what a dead process had left open', () => {
    const folder = tempFolder();
    open({ folder, pid: DEAD }).outbox.append('a\n');
    const { outbox } = open({ folder });
    const [segment = ''] = outbox.list() as string[];
    expect(outbox.claim(segment)).toBe('a\n');
  });

  it('never gives what a living process has open or claimed', () => {
    const folder = tempFolder();
    const parent = open({ folder, pid: process.ppid }).outbox;
    parent.append('a\n');
    parent.seal();
    parent.append('b\n');
    expect(parent.claim((parent.list() as string[])[0] ?? '')).toBe('a\n');
    expect(open({ folder }).outbox.list()).toEqual([]);
  });

  it('gives what a dead process had claimed, or one that is known to be ending', () => {
    const folder = tempFolder();
    for (const pid of [DEAD, process.ppid]) {
      const { outbox } = open({ folder, pid });
      outbox.append(`${pid}\n`);
      outbox.seal();
      void outbox.claim((outbox.list() as string[])[0] ?? '');
    }
    expect(open({ folder }).outbox.list()).toHaveLength(1);
    expect(open({ folder, dyingPid: process.ppid }).outbox.list()).toHaveLength(2);
  });

  it('gives what a process of this number had left, which was started before this one', () => {
    const folder = tempFolder();
    const { outbox, folders } = open({ folder });
    outbox.append('a\n');
    outbox.seal();
    void outbox.claim((outbox.list() as string[])[0] ?? '');
    outbox.append('b\n');
    const reused = open({ folder }).outbox;
    expect(reused.list()).toEqual([]);
    const start = platform.processes.startTime(process.pid) ?? '';
    for (const file of readdirSync(folders.outbox)) {
      renameSync(join(folders.outbox, file), join(folders.outbox, file.replaceAll(start, '1')));
    }
    expect((reused.list() as string[]).map((name) => reused.claim(name))).toEqual(['a\n', 'b\n']);
  });

  it('gives what a living process has claimed and forgotten, since its thread has crashed', () => {
    const folder = tempFolder();
    const { outbox, folders } = open({ folder, pid: process.ppid });
    outbox.append('a\n');
    outbox.seal();
    utimesSync(join(folders.outbox, readdirSync(folders.outbox)[0] ?? ''), 5, 5); // long ago
    void outbox.claim((outbox.list() as string[])[0] ?? '');
    const later = open({ folder }).outbox;
    expect(later.list()).toEqual([]); // claimed just now
    utimesSync(join(folders.outbox, readdirSync(folders.outbox)[0] ?? ''), 5, 5);
    expect((later.list() as string[]).map((name) => later.claim(name))).toEqual(['a\n']);
  });

  describe('of a process that lives, whose thread was ended', () => {
    const LONG_AGO = 5; // in seconds since the epoch
    const FAR_AHEAD = Date.now() / 1_000 + 86_400; // as a clock that was set back since finds it
    const age = (folder: string, at: number): void => {
      for (const name of readdirSync(folder)) utimesSync(join(folder, name), at, at);
    };
    const claimAll = (outbox: OutboxStorage): unknown[] =>
      (outbox.list() as string[]).map((name) => outbox.claim(name));

    it.each([LONG_AGO, FAR_AHEAD])('gives what was not written for long (%d)', (at) => {
      const folder = tempFolder();
      const ended = open({ folder });
      ended.outbox.append('a\n');
      const { outbox } = open({ folder });
      expect(outbox.list()).toEqual([]); // written just now
      age(ended.folders.outbox, at);
      expect(claimAll(outbox)).toEqual(['a\n']);
    });

    it('bounds what was not written for long', () => {
      const folder = tempFolder();
      const { outbox, folders } = open({ folder });
      for (let thread = 0; thread < 25; thread += 1) {
        open({ folder, nowMs: 1_000 + thread }).outbox.append('a\n');
      }
      const limits = { maxReports: 10, maxBytes: 1_000, maxAgeMs: Infinity };
      expect(outbox.bound?.(limits)).toMatchObject({ lost: 0 });
      age(folders.outbox, LONG_AGO);
      expect(outbox.bound?.(limits)).toMatchObject({ lost: 15 });
      expect(readdirSync(folders.outbox)).toHaveLength(10);
    });

    it('never gives or bounds what it is writing itself, however long ago', () => {
      const { outbox, folders } = open({ nowMs: 1_000 });
      outbox.append('a\n');
      age(folders.outbox, LONG_AGO);
      expect(outbox.list()).toEqual([]);
      expect(outbox.bound?.({ maxReports: 0, maxBytes: 0, maxAgeMs: 0 })).toEqual({
        lost: 0,
        left: 0,
      });
      expect(readdirSync(folders.outbox)).toHaveLength(1);
    });

    /** A writer that was silent for so long that another one takes its segment. */
    function takeFromIdle() {
      const folder = tempFolder();
      const idle = open({ folder });
      idle.outbox.append('a\n');
      age(idle.folders.outbox, LONG_AGO);
      const { outbox } = open({ folder });
      const [taken = ''] = outbox.list() as string[];
      return { idle, outbox, taken };
    }

    it('lets a writer that was only idle go on in a new segment: each line is given once', () => {
      const { idle, outbox, taken } = takeFromIdle();
      expect(outbox.claim(taken)).toBe('a\n');
      idle.outbox.append('b\n');
      idle.outbox.append('c\n');
      void outbox.release(taken);
      idle.outbox.seal();
      // Each of the two names says how many reports and bytes are in it.
      const sizes = readdirSync(idle.folders.outbox).map((name) => name.split('.').at(-2));
      expect(sizes).toEqual(['1-2', '2-4']);
      expect(claimAll(outbox)).toEqual(['a\n', 'b\nc\n']);
    });

    it('lets a writer that was only idle seal what is gone', () => {
      const { idle, outbox, taken } = takeFromIdle();
      void outbox.claim(taken);
      idle.outbox.seal();
      idle.outbox.append('b\n');
      idle.outbox.seal();
      void outbox.remove(taken);
      expect(claimAll(outbox)).toEqual(['b\n']);
    });

    it('replaces no line that a writer adds while it is claimed', () => {
      const folder = tempFolder();
      const idle = open({ folder });
      idle.outbox.append('a\n');
      age(idle.folders.outbox, LONG_AGO);
      const { outbox, folders } = open({ folder });
      const [taken = ''] = outbox.list() as string[];
      void outbox.claim(taken);
      const [file = ''] = readdirSync(folders.outbox);
      appendFileSync(join(folders.outbox, file), 'b\n'); // it had opened it before
      void outbox.rewrite(taken, 'fixed\na\n');
      void outbox.remove(taken);
      expect(claimAll(outbox)).toEqual(['a\nb\n']);
    });
  });

  it('bounds what processes that were killed have left, and counts every report of it', () => {
    const folder = tempFolder();
    const limits = { maxReports: 2, maxBytes: 1_000, maxAgeMs: 60_000 };
    for (let run = 0; run < 5; run += 1) {
      const { outbox } = open({ folder, pid: DEAD, nowMs: 1_000 + run });
      for (let report = 0; report < 10; report += 1) outbox.append('a\n');
    }
    const { outbox, folders } = open({ folder });
    outbox.append('mine\n');
    expect(outbox.bound?.({ ...limits, maxAgeMs: Infinity })).toMatchObject({ lost: 30 });
    expect(outbox.bound?.(limits)).toMatchObject({ lost: 20 }); // too old
    expect(readdirSync(folders.outbox)).toHaveLength(1);
  });

  it('knows how many reports a segment of a killed process holds once it was claimed', () => {
    const folder = tempFolder();
    const killed = open({ folder, pid: DEAD }).outbox;
    for (let report = 0; report < 10; report += 1) killed.append('a\n');
    const { outbox, folders } = open({ folder });
    const [name = ''] = outbox.list() as string[];
    void outbox.claim(name);
    void outbox.release(name);
    expect(readdirSync(folders.outbox)).toEqual([`${name}.10-20.ready`]);
  });

  it('bounds a thousand segments without asking for the size of each: a host waits for it', () => {
    const folder = tempFolder();
    const { outbox } = open({ folder });
    for (let segment = 0; segment < 100; segment += 1) {
      outbox.append('a'.repeat(99) + '\n');
      outbox.seal();
    }
    let sizes = 0;
    const stat = (path: string) => ((sizes += 1), platform.files.stat(path));
    const looking = fileOutbox(join(folder, 'outbox'), {
      ...platform,
      files: { ...platform.files, stat },
    });
    const limits = { maxReports: 1_000, maxBytes: 5_000, maxAgeMs: Infinity };
    expect(looking.bound?.(limits)).toEqual({ lost: 50, left: 50 });
    expect(sizes).toBe(0);
  });

  it('leaves what it cannot read as it was', () => {
    const { folders, outbox } = open();
    mkdirSync(join(folders.outbox, '1-1.a-0.1.ready'), { recursive: true });
    expect(outbox.claim((outbox.list() as string[])[0] ?? '')).toBeUndefined();
    expect(readdirSync(folders.outbox)).toEqual(['1-1.a-0.1.ready']);
  });

  it('passes by files that are not its own', () => {
    const { folders, outbox } = open();
    mkdirSync(folders.outbox, { recursive: true });
    mkdirSync(join(folders.outbox, '1-1.a-0.1.ready.d'));
    for (const name of ['notes.txt', '.DS_Store', '1-1.a-0.readyy', 'x.ready']) {
      writeFileSync(join(folders.outbox, name), 'stranger');
    }
    expect(outbox.list()).toEqual([]);
  });

  it('passes by what it cannot read, and gives the rest', () => {
    const { folders, outbox } = open();
    mkdirSync(join(folders.outbox, '1-1.a-0.1.ready'), { recursive: true });
    execFileSync('mkfifo', [join(folders.outbox, '3-1.a-0.1.ready')]); // opening it would hang
    writeFileSync(join(folders.outbox, '2-1.a-0.1.ready'), Buffer.alloc(9 * 1024 * 1024));
    outbox.append('a\n');
    outbox.seal();
    const texts = (outbox.list() as string[]).map((name) => outbox.claim(name));
    expect(texts).toEqual([undefined, '', undefined, 'a\n']);
  });

  it('takes no pipe for a value, and waits for none', async () => {
    const { folders, ...storage } = open();
    mkdirSync(folders.config);
    execFileSync('mkfifo', [join(folders.config, 'anonymous-id')]);
    expect(() => storage.get('anonymous-id')).toThrow(/not a file/);
    await storage.remove('anonymous-id');
    expect(await storage.setIfAbsent('anonymous-id', 'a')).toBe('a');
  });

  it('leaves a process alone that cannot be seen from here, until it is silent for long', () => {
    const folder = tempFolder();
    const other = open({ folder, scope: 'ffffffff', pid: DEAD }).outbox;
    other.append('a\n');
    const { outbox, folders } = open({ folder });
    expect(outbox.list()).toEqual([]);
    const [file = ''] = readdirSync(folders.outbox);
    utimesSync(join(folders.outbox, file), 1, 1);
    expect(outbox.list()).toHaveLength(1);
  });

  it('gives up nothing that a writer it cannot see has appended meanwhile', () => {
    const { folders, outbox } = open();
    outbox.append('a\n');
    outbox.seal();
    const [name = ''] = outbox.list() as string[];
    void outbox.claim(name);
    const [file = ''] = readdirSync(folders.outbox);
    writeFileSync(join(folders.outbox, file), 'a\nb\n');
    void outbox.remove(name);
    expect(outbox.claim((outbox.list() as string[])[0] ?? '')).toBe('a\nb\n');
  });

  it('goes on appending when its folder was deleted', () => {
    const { folders, outbox } = open();
    outbox.append('a\n');
    rmSync(folders.outbox, { recursive: true });
    outbox.append('b\n');
    outbox.seal();
    expect(outbox.claim((outbox.list() as string[])[0] ?? '')).toBe('b\n');
  });
});
