import crypto from 'node:crypto';
import dns from 'node:dns/promises';
import fs from 'node:fs';
import os from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { HostMessage, SenderJob, SenderMessage, SendResult } from '../delivery/job.js';
import type { Names } from '../delivery/resolve-name.js';
import type { Machine } from '../identity/machine-id.js';
import type { TimeSources } from '../identity/time-id.js';
import type { StorageCall } from '../delivery/host-storage.js';
import { isAlive } from './is-alive.js';
import { nodeFiles } from './node-files.js';
import type { Env, Platform } from './platform.js';

const MACHINE_ID_TIMEOUT_MS = 1_000;
const NAME_SERVER_TIMEOUT_MS = 1_500;

/** What the sender takes from outside, in a thread of the host or in a process of its own. */
export interface SenderPlatform
  extends TimeSources, Pick<Platform, 'files' | 'isAlive' | 'pid' | 'now' | 'randomBytes'> {
  readonly env: Env;
  readonly inThread: boolean;
  readonly machine: Machine;
  readonly names: Names;
  job(): SenderJob;
  /** Calls a method of the host's storage. */
  askHost(call: StorageCall): Promise<unknown>;
  onSend(callback: () => void): void;
  tellResult(result: SendResult): void;
  /** Calls back once. Returns how to cancel it. */
  after(ms: number, callback: () => void): () => void;
  /** Ends this thread, or this process: by SIGKILL, since exit would wait for a name look-up. */
  readonly end: () => void;
}

/** The real {@link SenderPlatform}. */
export function senderPlatform(): SenderPlatform {
  const host = hostPort();
  const randomBytes = (count: number): Uint8Array => crypto.randomBytes(count);
  return {
    env: process.env,
    inThread: parentPort !== null,
    machine,
    names,
    files: nodeFiles(() => crypto.randomBytes(6).toString('hex')),
    isAlive,
    pid: process.pid,
    now: () => Date.now(),
    hrtime: () => process.hrtime.bigint(),
    randomBytes,
    hash: (algorithm, text) => crypto.createHash(algorithm).update(text).digest('hex'),
    // The cast: the job was made by this package, one line before the sender was started.
    job: () =>
      (parentPort ? workerData : JSON.parse(process.env.HEADCOUNT_CHILD_JOB ?? '')) as SenderJob,
    ...host,
    after(ms, callback) {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    end: () => (parentPort ? parentPort.close() : process.kill(process.pid, 'SIGKILL')),
  };
}

const machine: Machine = {
  async rawMachineId() {
    const { machineId } = await import('node-machine-id');
    return within(MACHINE_ID_TIMEOUT_MS, machineId(true));
  },
  user: () => (process.platform === 'win32' ? os.userInfo().username : String(os.userInfo().uid)),
  hmacSha256: (key, text) => crypto.createHmac('sha256', key).update(text).digest('hex'),
};

const names: Names = {
  hostsFile() {
    const file =
      process.platform === 'win32'
        ? `${process.env.SYSTEMROOT ?? 'C:\\Windows'}\\System32\\drivers\\etc\\hosts`
        : '/etc/hosts';
    try {
      return fs.readFileSync(file, 'utf8');
    } catch {
      return ''; // the name servers are asked
    }
  },
  resolve(hostname, family) {
    const resolver = new dns.Resolver({ timeout: NAME_SERVER_TIMEOUT_MS, tries: 2 });
    return family === 4 ? resolver.resolve4(hostname) : resolver.resolve6(hostname);
  },
};

function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`nothing within ${ms} ms`)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** The conversation with the host; a process of its own has none. */
function hostPort(): Pick<SenderPlatform, 'askHost' | 'onSend' | 'tellResult'> {
  const answers = new Map<number, (answer: Extract<HostMessage, { type: 'answer' }>) => void>();
  let asked = 0;
  let send = (): void => undefined;
  const tell = (message: SenderMessage): void => parentPort?.postMessage(message);
  parentPort?.on('message', (message: HostMessage) => {
    if (message.type === 'send') send();
    else answers.get(message.id)?.(message);
  });
  return {
    askHost: (call) =>
      new Promise((resolve, reject) => {
        const id = ++asked;
        answers.set(id, ({ value, failed }) => {
          answers.delete(id);
          if (failed) reject(new Error('the storage of the host failed'));
          else resolve(value);
        });
        tell({ type: 'ask', id, ...call });
      }),
    onSend(callback) {
      send = callback;
    },
    tellResult: (result) => tell({ type: 'result', result }),
  };
}
