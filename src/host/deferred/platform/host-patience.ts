import process from 'node:process';
import { setTimeout } from 'node:timers';
import type { Patience } from '../../../platform/patiently.js';
import { HOST_LIMITS, retryHeld } from '../../../platform/retry-held.js';

const READ_AGAIN_MS = 50;
const READS = 100;

/** The host's patience on Windows. One for the whole process, which may spend 3 ms. */
export const hostPatience: Patience = {
  retry: retryHeld({ ...HOST_LIMITS, elapsed: () => Number(process.hrtime.bigint()) / 1e6 }),
  readLater<T>(error: unknown, read: () => T): Promise<T> {
    // Other codes mean that the file is closed to this user, now and later.
    if ((error as { code?: unknown }).code !== 'EBUSY') throw error;
    return new Promise((resolve, reject) => readAgain(read, resolve, reject, READS));
  },
};

/** Reads every 50 ms for 5 s, without keeping the process alive. */
function readAgain<T>(
  read: () => T,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
  left: number,
): void {
  setTimeout(() => {
    try {
      resolve(read());
    } catch (error) {
      if (left <= 1) reject(error);
      else readAgain(read, resolve, reject, left - 1);
    }
  }, READ_AGAIN_MS).unref();
}
