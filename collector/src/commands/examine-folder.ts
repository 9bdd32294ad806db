import { closeSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DAY_MS } from '../rules/day.js';
import { explainPathError } from './explain-path-error.js';
import type { Diagnosis } from './diagnosis.js';

/** How often the disk is made to write, so that one slow moment says nothing. */
const FSYNCS = 20;

/** What each commit of reports costs at least; beyond it, reports wait for the disk. */
const SLOW_FSYNC_MS = 50;

/** How far two clocks of one machine may differ, in milliseconds: file systems round to seconds. */
const MAX_CLOCK_GAP_MS = 2500;

const GIB = 1024 ** 3;

/** Warned below so many days. */
const FEW_DAYS = 30;

export interface FolderParts {
  /** The path of the data folder. */
  readonly path: string;
  /** The paths of its databases, with their logs. */
  readonly databases: readonly string[];
  /** A file that is written once, at the first start. */
  readonly firstFile: string;
  readonly now: () => Date;
}

/**
 * Examines a data folder. It writes to a file of its own only, so that a collector may use the
 * folder meanwhile.
 */
export function examineFolder(parts: FolderParts): Diagnosis[] {
  const { path, now } = parts;
  let stats;
  try {
    stats = statSync(path);
  } catch (error) {
    return [{ what: 'folder', state: 'fail', text: `${path}: ${explain(error)}.` }];
  }
  if (!stats.isDirectory()) {
    return [{ what: 'folder', state: 'fail', text: `${path} is no folder. Choose another path.` }];
  }
  return [examineOwner(path, stats), ...examineWriting(path, now), ...examineDisk(parts)];
}

const explain = (error: unknown): string => explainPathError(error) ?? String(error);

function examineOwner(path: string, { uid, mode }: { uid: number; mode: number }): Diagnosis {
  const own = process.geteuid?.();
  const bits = (mode & 0o777).toString(8).padStart(3, '0');
  if (own !== undefined && uid !== own && own !== 0) {
    const text = `${path} belongs to user ${uid}, and this is user ${own}: chown -R ${own} ${path}.`;
    return { what: 'owner', state: 'fail', text };
  }
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    const text = `Others may use ${path} (mode ${bits}): chmod 700 ${path}, or start the collector.`;
    return { what: 'owner', state: 'warn', text };
  }
  return { what: 'owner', state: 'ok', text: `${path} is of user ${uid}, mode ${bits}.` };
}

function examineWriting(path: string, now: () => Date): Diagnosis[] {
  const probe = join(path, `.doctor-${process.pid}`);
  try {
    const times = measureFsync(probe);
    const gapMs = statSync(probe).mtimeMs - now().getTime();
    return [describeFsync(times), describeGap('disk', gapMs, 'The clock of the disk')];
  } catch (error) {
    return [
      { what: 'writing', state: 'fail', text: `${path} cannot be written: ${explain(error)}.` },
    ];
  } finally {
    rmSync(probe, { force: true });
  }
}

/** How long each write to the disk took, in milliseconds, the shortest first. */
function measureFsync(probe: string): number[] {
  const file = openSync(probe, 'wx', 0o600);
  try {
    const times = Array.from({ length: FSYNCS }, () => {
      const startedAt = performance.now();
      writeSync(file, Buffer.alloc(4096, 'x'));
      fsyncSync(file);
      return performance.now() - startedAt;
    });
    return times.sort((a, b) => a - b);
  } finally {
    closeSync(file);
  }
}

function describeFsync(times: readonly number[]): Diagnosis {
  const median = times[Math.floor(times.length / 2)] ?? 0;
  const most = times.at(-1) ?? 0;
  const measured = `fsync takes ${median.toFixed(1)} ms, the slowest of ${FSYNCS} took ${most.toFixed(1)} ms`;
  if (median <= SLOW_FSYNC_MS) return { what: 'fsync', state: 'ok', text: `${measured}.` };
  const text = `${measured}: reports wait for it. Put the folder on a faster disk, not on a network.`;
  return { what: 'fsync', state: 'warn', text };
}

/** Compares a clock with that of this machine. */
export function describeGap(what: string, gapMs: number, whose: string): Diagnosis {
  if (Math.abs(gapMs) <= MAX_CLOCK_GAP_MS) {
    return { what: `clock of ${what}`, state: 'ok', text: `${whose} and this one agree.` };
  }
  const seconds = Math.round(Math.abs(gapMs) / 1000);
  const text =
    `${whose} is ${seconds} s ${gapMs > 0 ? 'ahead of' : 'behind'} that of this machine: ` +
    'let both follow NTP. Reports are counted by the collector’s clock.';
  return { what: `clock of ${what}`, state: 'fail', text };
}

const sizeText = (bytes: number): string =>
  bytes < GIB ? `${(bytes / 1024 ** 2).toFixed(1)} MiB` : `${(bytes / GIB).toFixed(1)} GiB`;

function examineDisk({ path, databases, firstFile, now }: FolderParts): Diagnosis[] {
  try {
    const { bavail, bfree, blocks, bsize } = statfsSync(path);
    const free = bavail * bsize;
    const usedPercent = ((blocks - bfree) / Math.max(1, blocks - bfree + bavail)) * 100;
    const bytes = databases.reduce((sum, file) => sum + sizeOf(file), 0);
    const days = (now().getTime() - changedAt(firstFile)) / DAY_MS;
    const left = days >= 1 && bytes > 0 ? free / (bytes / days) : undefined;
    const room = `${sizeText(free)} of the disk are free (${usedPercent.toFixed(0)} % used)`;
    const growth =
      left === undefined
        ? 'the folder is too young to tell how it grows'
        : `the databases have grown by ${(bytes / days / 1024 ** 2).toFixed(2)} MiB a day: ` +
          `${left > 9999 ? 'more than 9999' : Math.floor(left)} days are left`;
    const isWell = usedPercent <= 90 && (left === undefined || left >= FEW_DAYS);
    const advice = isWell ? '' : ' Make room, enlarge the disk, or keep data for fewer days.';
    const state = isWell ? 'ok' : 'warn';
    return [{ what: 'disk', state, text: `${room}; ${growth}.${advice}` }];
  } catch (error) {
    return [
      { what: 'disk', state: 'fail', text: `The disk does not tell its room: ${explain(error)}.` },
    ];
  }
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** When a file was last changed, in milliseconds since 1970; never, if it is not there. */
const changedAt = (path: string): number =>
  statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
