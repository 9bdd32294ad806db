import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { errorMessage } from '../../src/error-message.js';
import { hasCode } from '../../src/has-code.js';
import { findCgroup } from '../../src/host/find-cgroup.js';
import { readKernelFile } from '../../src/host/kernel-files.js';
import { readMemory } from '../../src/host/read-memory.js';
import {
  MACHINE,
  MIB,
  NESTED,
  NO_LIMIT,
  readerOf,
  type Tree,
  VERSION_1,
  VERSION_2,
} from './trees.js';

const system = { totalBytes: () => 8192 * MIB, freeBytes: () => 2048 * MIB };
const read = (...trees: Tree[]) => readMemory({ read: readerOf(...trees), ...system });
/** Total, available and used percent, and whether it is a limit. */
const figures = (...trees: Tree[]) => {
  const { totalBytes, availableBytes, usedPercent, isLimited } = read(...trees);
  return [totalBytes / MIB, availableBytes / MIB, Math.round(usedPercent), isLimited];
};

it.each<[string, Tree, unknown[]]>([
  ['the machine, without groups', MACHINE, [24 * 1024, 23 * 1024, 4, false]],
  ['a container by version 2; unused files are free', VERSION_2, [2048, 1024, 50, true]],
  ['a container by version 1, told the host’s path', VERSION_1, [1024, 224, 78, true]],
  ['the slice around a service, which has less left', NESTED, [4096, 256, 94, true]],
  ['the machine, where the limit is none', NO_LIMIT, [24 * 1024, 23 * 1024, 4, false]],
  ['macOS and Windows, which have no /proc', {}, [8192, 2048, 75, false]],
])('tells the memory of %s', (_what, tree, expected) => {
  expect(figures(tree)).toEqual(expected);
});

it.each<[string, Tree, unknown[]]>([
  [
    'no usage: the limit says nothing then',
    { '/sys/fs/cgroup/memory.current': '' },
    [24 * 1024, 23 * 1024, 4, false],
  ],
  ['no statistics', { '/sys/fs/cgroup/memory.stat': '' }, [2048, 512, 75, true]],
  ['max for a limit', { '/sys/fs/cgroup/memory.max': 'max\n' }, [24 * 1024, 23 * 1024, 4, false]],
  [
    'a limit beyond the machine',
    { '/sys/fs/cgroup/memory.max': String(64 * 1024 * MIB) },
    [24 * 1024, 23 * 1024, 4, false],
  ],
  [
    'use beyond the limit',
    { '/sys/fs/cgroup/memory.current': String(9000 * MIB) },
    [2048, 0, 100, true],
  ],
  ['no mountinfo', { '/proc/self/mountinfo': '' }, [2048, 1024, 50, true]],
  [
    'a path outside of the namespace',
    { '/proc/self/cgroup': '0::/../../a\n' },
    [2048, 1024, 50, true],
  ],
])('manages with %s', (_what, changed, expected) => {
  expect(figures(VERSION_2, changed)).toEqual(expected);
});

it('takes a limit of version 1 that only the statistics tell, since its group is not seen', () => {
  const stat = `hierarchical_memory_limit ${950 * MIB}\ntotal_inactive_file 0\n`;
  expect(figures(VERSION_1, { '/sys/fs/cgroup/memory/memory.stat': stat })).toEqual([
    ...[950, 50, 95, true],
  ]);
});

it('tells by an old kernel what is free', () => {
  const meminfo = 'MemTotal:       2097152 kB\nMemFree:        1048576 kB\n';
  expect(figures({ '/proc/meminfo': meminfo })).toEqual([2048, 1024, 50, false]);
});

it('reads a mount with a space in its path', () => {
  const tree = {
    '/proc/self/cgroup': '0::/a b/c\n',
    '/proc/self/mountinfo': '31 23 0:27 / /mnt/c\\040g rw - cgroup2 cgroup rw\n',
  };
  expect(findCgroup(readerOf(tree), 'memory')).toEqual({
    version: 2,
    folders: ['/mnt/c g/a b/c', '/mnt/c g/a b', '/mnt/c g'],
  });
});

it('reads this very machine', () => {
  const { totalBytes, availableBytes, usedPercent } = readMemory({
    read: readKernelFile,
    ...system,
  });
  expect(totalBytes).toBeGreaterThan(64 * MIB);
  expect(availableBytes).toBeGreaterThan(0);
  expect(usedPercent).toBeGreaterThan(0);
  expect(usedPercent).toBeLessThan(100);
});

it('reads a real group in which a process runs, with its limit', ({ skip }) => {
  const cgroup = findCgroup(readKernelFile, 'memory');
  const parent = cgroup?.folders.at(-1) ?? '';
  const folder = `${parent}/headcount-test-${process.pid}`;
  try {
    mkdirSync(folder);
    const file = cgroup?.version === 2 ? 'memory.max' : 'memory.limit_in_bytes';
    writeFileSync(`${folder}/${file}`, String(300 * MIB));
  } catch (error) {
    if (existsSync(folder)) rmdirSync(folder);
    if (!hasCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOENT')) throw error;
    // In CI, a test that is skipped is one that has failed.
    skip(`no group may be made here (${errorMessage(error)})`);
  }
  onTestFinished(() => rmdirSync(folder));
  const script = `echo $$ > ${folder}/cgroup.procs && exec cat /proc/self/cgroup /proc/meminfo`;
  const text = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
  const [groups = ''] = text.split('MemTotal');
  const inside = readMemory({
    read: (path) => (path === '/proc/self/cgroup' ? groups : readKernelFile(path)),
    ...system,
  });
  expect(inside).toMatchObject({ totalBytes: 300 * MIB, isLimited: true });
  expect(inside.availableBytes).toBeGreaterThan(200 * MIB);
});
