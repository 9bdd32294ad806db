import fs from 'node:fs';
import process from 'node:process';
import type { Processes } from './platform.js';

/** {@link Processes} by /proc, without {@link isAlive}, which a first report does not need. */
export function nodeProcesses(): Omit<Processes, 'isAlive'> {
  let scope: string | undefined;
  let ownStart: string | undefined;
  return {
    pid: ownPid(),
    scope: () => (scope ??= readScope()),
    endsWithThisThread: () => !isWorkerThread(),
    startTime: (pid) => (pid === process.pid ? (ownStart ??= startTime(pid)) : startTime(pid)),
  };
}

/** An app may have put a getter in its place that throws. No process has the number 0. */
function ownPid(): number {
  try {
    return process.pid;
  } catch {
    return 0;
  }
}

/**
 * In a worker thread, `chdir` is disabled and marked so. Loading `worker_threads` for
 * `isMainThread` would cost the end of every program more than a millisecond.
 */
function isWorkerThread(): boolean {
  const { chdir } = process as { readonly chdir: object };
  return Object.hasOwn(chdir, 'disabled');
}

/** See {@link Processes.startTime}. */
export function startTime(pid: number): string | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22 in proc_pid_stat(5). Skips the command in parentheses, which may contain spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined; // no /proc, or no such process
  }
}

/** Reads two short system files, which together identify a pid namespace of one boot. */
function readScope(): string {
  try {
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').replaceAll('-', '');
    const namespace = /\d+/.exec(fs.readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
    const mixed = (Number.parseInt(boot.slice(0, 8), 16) ^ Number(namespace)) >>> 0;
    return mixed.toString(16).padStart(8, '0');
  } catch {
    return '0'; // not Linux
  }
}
