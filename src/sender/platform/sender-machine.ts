import crypto from 'node:crypto';
import os from 'node:os';
import process from 'node:process';
import { nodeFiles } from '../../platform/node-files.js';
import { isMachineId, type Machine } from '../identity/machine-id.js';

const MACHINE_ID_TIMEOUT_MS = 1_000;
/** The file of machine-id(5), and the older one of D-Bus. */
const MACHINE_ID_FILES = ['/etc/machine-id', '/var/lib/dbus/machine-id'];

/**
 * The machine of this process. Reads the ID once: on Linux from files, which starts no process,
 * else by node-machine-id, which is loaded only then.
 */
export function createMachine(): Machine {
  let raw: Promise<string> | undefined;
  return {
    rawMachineId: () => (raw ??= readMachineId()),
    user: () => (process.platform === 'win32' ? os.userInfo().username : String(os.userInfo().uid)),
    hmacSha256: (key, text) => crypto.createHmac('sha256', key).update(text).digest('hex'),
  };
}

async function readMachineId(): Promise<string> {
  const inFiles = process.platform === 'linux' ? MACHINE_ID_FILES.map(firstLine) : [];
  // The first usable one: the first file may still say `uninitialized`.
  const found = inFiles.find(isMachineId) ?? inFiles.find((line) => line !== '');
  if (found !== undefined) return found;
  const { machineId } = await import('node-machine-id');
  return within(MACHINE_ID_TIMEOUT_MS, machineId(true));
}

function firstLine(file: string): string {
  try {
    const text = nodeFiles(() => '').readAny(file) ?? '';
    return (text.split('\n', 1)[0] ?? '').trim().toLowerCase();
  } catch {
    return ''; // the caller tries the next file, then the next source
  }
}

/** bounded-exec.ts ends the system's command; this limits everything else. */
function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`nothing within ${ms} ms`)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
