import { readFileSync } from 'node:fs';

function read(pid: number | undefined, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
}

/** The most memory a process ever had, in megabytes. Linux only. */
export const peakMegabytes = (pid: number | undefined): number => read(pid, 'VmHWM');

/** The memory a process has, in megabytes. Linux only. */
export const residentMegabytes = (pid: number | undefined): number => read(pid, 'VmRSS');
