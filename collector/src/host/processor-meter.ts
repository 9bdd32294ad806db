import { type CpuInfo, cpus } from 'node:os';
import { findCgroup } from './find-cgroup.js';
import { numberAfter, type ReadText, toNumber } from './kernel-files.js';

export interface ProcessorSources {
  readonly read: ReadText;
  /** What the system says where it has no `/proc`. */
  readonly cpus: () => readonly Pick<CpuInfo, 'times'>[];
  readonly monotonicMs: () => number;
}

/** How busy the processors were that this process may use. */
export interface ProcessorUse {
  /** From 0 to 100. */
  readonly percent: number;
  /** Over how much time, in milliseconds: a minute, or since the start. */
  readonly overMs: number;
}

/** Measures how busy processors are. */
export interface ProcessorMeter {
  /** Over the last minute; `undefined` until some time has passed. */
  measure(): ProcessorUse | undefined;
}

export const systemCpus = cpus;

/** Processors of the machine, or those that a control group may use. */
interface Reading {
  readonly atMs: number;
  /** How long they were busy so far, in milliseconds, and how many there are; the groups first. */
  readonly users: readonly { readonly busyMs: number; readonly cores: number }[];
}

/** The time over which use is measured, in milliseconds. */
const WINDOW_MS = 60_000;

/** The least time between two readings that are kept, in milliseconds. */
const KEPT_EVERY_MS = 10_000;

/** What is shorter says nothing: the kernel counts in hundredths of seconds. */
const LEAST_MS = 200;

/** Creates the meter, with a first reading. It keeps at most a reading every ten seconds. */
export function createProcessorMeter(sources: ProcessorSources): ProcessorMeter {
  const kept = [readUse(sources)];
  return {
    measure: () => {
      const now = readUse(sources);
      while (kept[1] !== undefined && now.atMs - kept[1].atMs >= WINDOW_MS) kept.shift();
      const first = kept[0] ?? now;
      const last = kept.at(-1) ?? now;
      if (now.atMs - last.atMs >= KEPT_EVERY_MS) kept.push(now);
      const overMs = now.atMs - first.atMs;
      if (overMs < LEAST_MS || first.users.length !== now.users.length) return undefined;
      const shares = now.users.map(({ busyMs, cores }, at) => {
        const before = first.users[at]?.busyMs ?? busyMs;
        return ((busyMs - before) / (overMs * cores)) * 100;
      });
      return { percent: Math.min(100, Math.max(0, ...shares)), overMs };
    },
  };
}

function readUse({ read, cpus: list, monotonicMs }: ProcessorSources): Reading {
  const groups = readGroups(read);
  const users = groups.length > 0 ? groups : [readMachine(read, list)];
  return { atMs: monotonicMs(), users };
}

/** The groups around this process whose processors are limited. */
function readGroups(read: ReadText): Reading['users'] {
  const cgroup = findCgroup(read, 'cpu');
  if (cgroup === undefined) return [];
  const accounts = cgroup.version === 2 ? cgroup : findCgroup(read, 'cpuacct');
  return cgroup.folders.flatMap((folder, at) => {
    const [quotaUs, periodUs] =
      cgroup.version === 2
        ? (read(`${folder}/cpu.max`) ?? '').split(' ').map(toNumber)
        : [read(`${folder}/cpu.cfs_quota_us`), read(`${folder}/cpu.cfs_period_us`)].map(toNumber);
    if (!quotaUs || !periodUs || quotaUs < 0) return [];
    const account = accounts?.folders[at] ?? folder;
    const busyMs =
      cgroup.version === 2
        ? toMs(numberAfter(read(`${account}/cpu.stat`), 'usage_usec'), 1000)
        : toMs(toNumber(read(`${account}/cpuacct.usage`)), 1_000_000);
    return busyMs === undefined ? [] : [{ busyMs, cores: quotaUs / periodUs }];
  });
}

const toMs = (value: number | undefined, perMs: number): number | undefined =>
  value === undefined ? undefined : value / perMs;

/** `/proc/stat` counts in hundredths of a second. */
const TICK_MS = 10;

/** The processors on which this process may run. */
function readMachine(read: ReadText, list: ProcessorSources['cpus']): Reading['users'][number] {
  const allowed = /^Cpus_allowed_list:\s*(\S+)/m.exec(read('/proc/self/status') ?? '')?.[1];
  const isAllowed = allowed === undefined ? () => true : inList(allowed);
  const lines = (read('/proc/stat') ?? '').split('\n').flatMap((line) => {
    const [name = '', ...ticks] = line.split(/\s+/);
    const number = /^cpu(\d+)$/.exec(name)?.[1];
    return number !== undefined && isAllowed(Number(number)) ? [ticks.map(Number)] : [];
  });
  if (lines.length > 0) {
    // user nice system idle iowait irq softirq steal
    const busy = lines.map(([user = 0, nice = 0, system = 0, , , irq = 0, soft = 0, steal = 0]) =>
      [user, nice, system, irq, soft, steal].reduce((sum, ticks) => sum + ticks),
    );
    return { busyMs: busy.reduce((sum, ticks) => sum + ticks) * TICK_MS, cores: lines.length };
  }
  const all = list();
  const busyMs = all.reduce(
    (sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq,
    0,
  );
  return { busyMs, cores: Math.max(1, all.length) };
}

/** Whether a number is in a list such as `0-3,8`. */
function inList(list: string): (number: number) => boolean {
  const spans = list.split(',').map((span) => {
    const [from = NaN, to = from] = span.split('-').map(Number);
    return { from, to };
  });
  return (number) => spans.some(({ from, to }) => number >= from && number <= to);
}
