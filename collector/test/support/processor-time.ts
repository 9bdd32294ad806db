import { readFileSync } from 'node:fs';

/** What Linux tells processor time in. */
const TICK_MS = 10;

/** The processor time that a process has used, all its threads together. Linux only. */
export function processorTimeMs(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The second field, a name in brackets, may have spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
