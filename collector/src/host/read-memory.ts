import { freemem, totalmem } from 'node:os';
import { findCgroup } from './find-cgroup.js';
import { numberAfter, type ReadText, toNumber } from './kernel-files.js';

/** The memory that this process may use. */
export interface MemoryFacts {
  readonly totalBytes: number;
  readonly availableBytes: number;
  /** What is used of it, from 0 to 100. */
  readonly usedPercent: number;
  /** Whether a control group limits it; else it is the machine's. */
  readonly isLimited: boolean;
}

export interface MemorySources {
  readonly read: ReadText;
  readonly totalBytes: () => number;
  readonly freeBytes: () => number;
}

/** What the system says where it has no `/proc`. */
export const systemMemory = { totalBytes: totalmem, freeBytes: freemem };

/**
 * Reads the memory of the control group with the least room left, else that of the machine. What
 * the kernel keeps of files that nobody uses is free: it gives it up first.
 */
export function readMemory({ read, totalBytes, freeBytes }: MemorySources): MemoryFacts {
  const meminfo = read('/proc/meminfo');
  const total = toBytes(numberAfter(meminfo, 'MemTotal')) ?? totalBytes();
  const groups = readGroups(read).filter(({ limit }) => limit < total);
  const tightest = groups.sort((a, b) => a.limit - a.used - (b.limit - b.used))[0];
  if (tightest !== undefined) {
    return describe(tightest.limit, tightest.limit - tightest.used, true);
  }
  // Kernels before 3.14 do not estimate what is available.
  const available = numberAfter(meminfo, 'MemAvailable') ?? numberAfter(meminfo, 'MemFree');
  return describe(total, toBytes(available) ?? freeBytes(), false);
}

function describe(totalBytes: number, available: number, isLimited: boolean): MemoryFacts {
  const availableBytes = Math.min(totalBytes, Math.max(0, available));
  const usedPercent = totalBytes === 0 ? 0 : (1 - availableBytes / totalBytes) * 100;
  return { totalBytes, availableBytes, usedPercent, isLimited };
}

interface Group {
  readonly limit: number;
  readonly used: number;
}

/** The groups around this process that have a limit. */
function readGroups(read: ReadText): Group[] {
  const cgroup = findCgroup(read, 'memory');
  return (cgroup?.folders ?? []).flatMap((folder) => {
    const text = (file: string): string | undefined => read(`${folder}/${file}`);
    const stat = text('memory.stat');
    const isVersion2 = cgroup?.version === 2;
    const limits = isVersion2
      ? [toNumber(text('memory.max')), toNumber(text('memory.high'))]
      : [
          toNumber(text('memory.limit_in_bytes')),
          // That of a group around it which cannot be seen from here.
          numberAfter(stat, 'hierarchical_memory_limit'),
        ];
    const known = limits.filter((limit) => limit !== undefined);
    const usage = toNumber(text(isVersion2 ? 'memory.current' : 'memory.usage_in_bytes'));
    if (known.length === 0 || usage === undefined) return [];
    const idle = numberAfter(stat, isVersion2 ? 'inactive_file' : 'total_inactive_file') ?? 0;
    return [{ limit: Math.min(...known), used: Math.max(0, usage - idle) }];
  });
}

const toBytes = (kib: number | undefined): number | undefined =>
  kib === undefined ? undefined : kib * 1024;
