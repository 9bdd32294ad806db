import { cpus } from 'node:os';
import { expect, it } from 'vitest';
import { readKernelFile } from '../../src/host/kernel-files.js';
import { createProcessorMeter } from '../../src/host/processor-meter.js';
import { until } from '../support/until.js';
import { MACHINE, NESTED, NO_LIMIT, readerOf, type Tree, VERSION_1, VERSION_2 } from './trees.js';

/** Four processors, each busy for so many milliseconds since the start. */
const stat = (...busyMs: number[]): Tree => ({
  '/proc/stat': `cpu  1 1 1 1 1 1 1 1 0 0\n${busyMs
    .map((ms, at) => `cpu${at} ${ms / 20} 0 ${ms / 20} 999 5 0 0 0 0 0`)
    .join('\n')}\nintr 1\n`,
});

/** A meter of a tree, and what goes on to a moment with other files. */
function start(tree: Tree) {
  let [ms, files] = [0, tree];
  const meter = createProcessorMeter({
    read: (path) => readerOf(files)(path),
    cpus: () => [{ times: { user: ms, nice: 0, sys: 0, idle: ms, irq: 0 } }],
    monotonicMs: () => ms,
  });
  return (toMs: number, changed: Tree = {}) => {
    ms = toMs;
    files = { ...files, ...changed };
    return meter.measure();
  };
}

const SLICE = '/sys/fs/cgroup/system.slice/apps.slice';

it.each<[string, Tree, Tree, Tree, number]>([
  ['a machine', MACHINE, stat(0, 0, 0, 0), stat(10_000, 10_000, 0, 0), 50],
  ['version 1 without a limit', NO_LIMIT, stat(0, 0, 0, 0), stat(2000, 0, 0, 0), 5],
  [
    'a container of version 2 with two processors',
    VERSION_2,
    { '/sys/fs/cgroup/cpu.stat': 'usage_usec 5000000\nuser_usec 1\n' },
    { '/sys/fs/cgroup/cpu.stat': 'usage_usec 20000000\nuser_usec 1\n' },
    75,
  ],
  [
    'a container of version 1 with one processor',
    VERSION_1,
    { '/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage': '7000000000\n' },
    { '/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage': '16000000000\n' },
    90,
  ],
  [
    'the slice around, which is limited to half a processor',
    NESTED,
    { [`${SLICE}/cpu.stat`]: 'usage_usec 0\n' },
    { [`${SLICE}/cpu.stat`]: 'usage_usec 4500000\n' },
    90,
  ],
  ['macOS and Windows, which have no /proc', {}, {}, {}, 100],
])('tells how busy the processors are of %s', (_what, tree, before, after, percent) => {
  const at = start({ ...tree, ...before });
  expect(Math.round(at(10_000, after)?.percent ?? -1)).toBe(percent);
});

it('counts only the processors on which the process may run', () => {
  const status = { '/proc/self/status': 'Cpus_allowed_list:\t0,2-3\n' };
  const at = start({ ...MACHINE, ...status, ...stat(0, 0, 0, 0) });
  expect(Math.round(at(10_000, stat(9000, 10_000, 0, 0))?.percent ?? -1)).toBe(30);
});

it('says nothing of an instant, and forgets what is older than a minute', () => {
  const at = start({ ...MACHINE, ...stat(0, 0, 0, 0) });
  expect(at(100)).toBeUndefined();
  for (let second = 10; second <= 120; second += 10) {
    const busy = second <= 60 ? second * 1000 : 60_000;
    at(second * 1000, stat(busy, busy, busy, busy));
  }
  expect(at(120_000)).toEqual({ percent: 0, overMs: 60_000 });
});

it('measures this very machine while a processor is kept busy', async () => {
  const meter = createProcessorMeter({
    ...{ read: readKernelFile, cpus },
    monotonicMs: () => performance.now(),
  });
  await until('some work is seen', () => {
    const end = performance.now() + 20;
    while (performance.now() < end);
    return (meter.measure()?.percent ?? 0) > 0;
  });
  expect(meter.measure()?.percent).toBeLessThanOrEqual(100);
});
