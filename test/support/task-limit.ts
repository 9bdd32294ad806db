import { chmodSync, existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.js';

let made = 0;

/** A command that runs another one in a control group with so many tasks at most. */
export function inTaskLimit(tasks: number): readonly string[] {
  const legacy = '/sys/fs/cgroup/pids';
  const root = existsSync(legacy) ? legacy : '/sys/fs/cgroup';
  const folder = join(root, `headcount-test-${process.pid}-${(made += 1)}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'pids.max'), String(tasks));
  onTestFinished(async () => {
    await eventually(() => tryRemove(folder), 'the end of all processes in the group', 30_000);
  });
  return ['sh', '-c', 'echo $$ > "$0/cgroup.procs"; exec "$@"', folder];
}

function tryRemove(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false; // a process is still in it
  }
}

/** A command that runs another one as a user who has nothing but so many tasks. */
export function asUserWithTasks(user: number, tasks: number): readonly string[] {
  return [
    ...['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--'],
    ...['prlimit', `--nproc=${tasks}`, '--'],
  ];
}

/** Lets every user into the folders that hold a test's app. */
export function openToAll(...folders: string[]): void {
  folders.forEach((folder) => chmodSync(folder, 0o777));
}
