import crypto from 'node:crypto';
import os from 'node:os';
import process from 'node:process';
import { nodeFiles } from '../../platform/node-files.js';
import { isMachineId, LATE, type Machine } from '../identity/machine-id.js';
import { MACHINE_ID_LIMIT_MS } from './bounded-exec.js';

/** A long-running sender asks a machine that did not answer once more after this. */
const ASK_AGAIN_AFTER_MS = 60_000;
/** The file of machine-id(5), and the older one of D-Bus. */
const MACHINE_ID_FILES = ['/etc/machine-id', '/var/lib/dbus/machine-id'];

/**
 * The machine of this process. Reads the ID once, unless it comes too late: on Linux from files, which starts no process,
 * else by node-machine-id, which is loaded only then.
 */
export function createMachine(): Machine {
  let raw: Promise<string> | undefined;
  let lateSinceMs = Infinity;
  function ask(): Promise<string> {
    lateSinceMs = Infinity;
    const asked = readMachineId();
    asked.catch((error: unknown) => {
      if ((error as { code?: unknown }).code === LATE) lateSinceMs = performance.now();
    });
    return asked;
  }
  return {
    rawMachineId() {
      if (performance.now() - lateSinceMs > ASK_AGAIN_AFTER_MS) raw = undefined;
      return (raw ??= ask());
    },
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
  return within(MACHINE_ID_LIMIT_MS, () => machineId(true));
}

function firstLine(file: string): string {
  try {
    const text = nodeFiles(() => undefined).readAny(file) ?? '';
    return (text.split('\n', 1)[0] ?? '').trim().toLowerCase();
  } catch {
    return ''; // the caller tries the next file, then the next source
  }
}

/**
 * Rejects with the code {@link LATE} at the limit. Its timer is made first: at the same limit,
 * bounded-exec.ts ends the program, which would look like a program that failed.
 */
function within<T>(ms: number, start: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(Object.assign(new Error(`nothing within ${ms} ms`), { code: LATE })),
      ms,
    );
    start()
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
