import process from 'node:process';
import { startTime } from './node-processes.js';
import type { Processes } from './platform.js';

/** See {@link Processes.isAlive}. By signal 0 and, on Linux, by /proc. */
export const isAlive: Processes['isAlive'] = (pid, start) => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EPERM') return false; // EPERM: another user's
  }
  const started = start === undefined ? undefined : startTime(pid);
  return started === undefined || started === start;
};
