import crypto from 'node:crypto';
import os from 'node:os';
import process from 'node:process';
import type { Machine } from '../identity/machine-id.js';

const MACHINE_ID_TIMEOUT_MS = 1_000;

/** The machine's ID by node-machine-id, which is loaded only when it is asked for. */
export const machine: Machine = {
  async rawMachineId() {
    const { machineId } = await import('node-machine-id');
    return within(MACHINE_ID_TIMEOUT_MS, machineId(true));
  },
  user: () => (process.platform === 'win32' ? os.userInfo().username : String(os.userInfo().uid)),
  hmacSha256: (key, text) => crypto.createHmac('sha256', key).update(text).digest('hex'),
};

/** It runs a command of the system and would wait for that for ever. */
function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`nothing within ${ms} ms`)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
