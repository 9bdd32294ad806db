import type { ReadText } from '../../src/host/kernel-files.js';

/** Files of `/proc` and `/sys` by their paths, as real machines have them. */
export type Tree = Readonly<Record<string, string>>;

/** Reads from a tree; what is not in it cannot be read. */
export const readerOf =
  (...trees: readonly Tree[]): ReadText =>
  (path) =>
    trees.findLast((tree) => path in tree)?.[path];

export const MIB = 1024 ** 2;

/** A machine with 24 GiB, of which 23 GiB are available. */
export const MACHINE: Tree = {
  '/proc/meminfo':
    'MemTotal:       25165824 kB\nMemFree:        20054360 kB\nMemAvailable:   24117248 kB\nBuffers:          109252 kB\n',
  '/proc/self/status':
    'Name:\tnode\nCpus_allowed:\tf\nCpus_allowed_list:\t0-3\nvoluntary_ctxt_switches:\t9\n',
};

const usage = (bytes: number, cached: number, prefix: '' | 'total_' = ''): string =>
  `${prefix === '' ? '' : `inactive_file ${cached}\n`}anon ${bytes - cached}\n${prefix}inactive_file ${cached}\n${prefix}active_file 0\n`;

/** A container with version 2 and a namespace of its own: its group looks like the root. */
export const VERSION_2: Tree = {
  ...MACHINE,
  '/proc/self/cgroup': '0::/\n',
  '/proc/self/mountinfo':
    '22 1 0:21 / /proc rw,nosuid - proc proc rw\n31 23 0:27 / /sys/fs/cgroup ro,nosuid,nodev,noexec,relatime - cgroup2 cgroup rw,nsdelegate\n',
  '/sys/fs/cgroup/memory.max': `${2048 * MIB}\n`,
  '/sys/fs/cgroup/memory.high': 'max\n',
  '/sys/fs/cgroup/memory.current': `${1536 * MIB}\n`,
  '/sys/fs/cgroup/memory.stat': usage(1536 * MIB, 512 * MIB),
  '/sys/fs/cgroup/cpu.max': '200000 100000\n',
};

/** A systemd service on version 2: limits of its own, of its slice, none above. */
export const NESTED: Tree = {
  ...MACHINE,
  '/proc/self/cgroup': '0::/system.slice/apps.slice/headcount.service\n',
  '/proc/self/mountinfo': VERSION_2['/proc/self/mountinfo'] ?? '',
  '/sys/fs/cgroup/system.slice/apps.slice/headcount.service/memory.max': `${1024 * MIB}\n`,
  '/sys/fs/cgroup/system.slice/apps.slice/headcount.service/memory.high': 'max\n',
  '/sys/fs/cgroup/system.slice/apps.slice/headcount.service/memory.current': `${256 * MIB}\n`,
  '/sys/fs/cgroup/system.slice/apps.slice/headcount.service/memory.stat': usage(256 * MIB, 0),
  '/sys/fs/cgroup/system.slice/apps.slice/headcount.service/cpu.max': 'max 100000\n',
  '/sys/fs/cgroup/system.slice/apps.slice/memory.max': 'max\n',
  '/sys/fs/cgroup/system.slice/apps.slice/memory.high': `${4096 * MIB}\n`,
  '/sys/fs/cgroup/system.slice/apps.slice/memory.current': `${4000 * MIB}\n`,
  '/sys/fs/cgroup/system.slice/apps.slice/memory.stat': usage(4000 * MIB, 160 * MIB),
  '/sys/fs/cgroup/system.slice/apps.slice/cpu.max': '50000 100000\n',
  '/sys/fs/cgroup/system.slice/memory.max': 'max\n',
};

/** A container with version 1 and no namespace: it is told the path of the host. */
export const VERSION_1: Tree = {
  ...MACHINE,
  '/proc/self/cgroup':
    '5:memory:/docker/0f3a\n4:cpu,cpuacct:/docker/0f3a\n3:pids:/docker/0f3a\n1:name=systemd:/docker/0f3a\n',
  '/proc/self/mountinfo':
    '41 30 0:30 /docker/0f3a /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct\n42 30 0:31 /docker/0f3a /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n',
  '/sys/fs/cgroup/memory/memory.limit_in_bytes': `${1024 * MIB}\n`,
  '/sys/fs/cgroup/memory/memory.usage_in_bytes': `${900 * MIB}\n`,
  '/sys/fs/cgroup/memory/memory.stat': `inactive_file 4096\nhierarchical_memory_limit ${1024 * MIB}\n${usage(900 * MIB, 100 * MIB, 'total_')}`,
  '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '100000\n',
  '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
};

/** Version 1 without any limit, as most machines are: the kernel writes a number too large. */
export const NO_LIMIT: Tree = {
  ...MACHINE,
  '/proc/self/cgroup': '4:memory:/\n1:cpu:/\n2:cpuacct:/\n0::/\n',
  '/proc/self/mountinfo':
    '40 30 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n41 30 0:31 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n45 30 0:35 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n',
  '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
  '/sys/fs/cgroup/memory/memory.usage_in_bytes': `${900 * MIB}\n`,
  '/sys/fs/cgroup/memory/memory.stat': 'hierarchical_memory_limit 9223372036854771712\n',
  '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
  '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
};
