import crypto from 'node:crypto';
import process from 'node:process';
import { Writable } from 'node:stream';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { gzip } from 'node:zlib';
import type { SenderJob, SendResult } from '../../delivery/protocol.js';
import { nodeFiles } from '../../platform/node-files.js';
import { nodeProcesses } from '../../platform/node-processes.js';
import type { Env, Platform, SenderThread, SenderThreadEvents } from '../../platform/platform.js';
import type { StorageCall } from '../host-storage.js';
import type { TimeSources } from '../identity/anonymous-id.js';
import type { Machine } from '../identity/machine-id.js';
import type { Names } from '../resolve-name.js';
import { hostChannel, type HostChannel } from './host-channel.js';
import { createMachine } from './sender-machine.js';
import { heldNames, names } from './sender-names.js';

/** What the sender takes from outside, wherever it runs. */
export interface SenderPlatform
  extends
    Omit<TimeSources, 'now'>,
    Pick<Platform, 'files' | 'processes' | 'randomBytes' | 'elapsed'> {
  readonly env: Env;
  /** Whether it runs inside the host's process: no name may be looked up by the system there. */
  readonly isHosted: boolean;
  /** Whether it runs in the host's own thread: nothing of it may keep that alive. */
  readonly sharesThread: boolean;
  readonly machine: Machine;
  readonly names: Names;
  readonly now: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  readonly compress: (text: string) => Promise<Uint8Array>;
  readonly rootCertificates: () => readonly string[];
  /** Calls a method of the host's storage. */
  readonly askHost: (call: StorageCall) => Promise<unknown>;
  readonly onSend: (callback: (hostOutbox: boolean) => void) => void;
  /** Calls back when the host wants no sender any more. */
  readonly onEnd: (callback: () => void) => void;
  readonly tellResult: (result: SendResult) => void;
  readonly tellDone: (answer: unknown) => void;
  /** Calls back once. Returns how to cancel it. */
  readonly after: (ms: number, callback: () => void) => () => void;
  /** Calls back again and again. Returns how to cancel it. */
  readonly every: (ms: number, callback: () => void) => () => void;
  /** Ends this thread, or this process. */
  readonly end: () => void;
  /** Makes sure that this process is gone after a time, whatever its thread hangs in. */
  readonly limitLife: (ms: number) => void;
}

/** Where the sender is the code of a worker thread that Headcount has started. */
export function threadPlatform(): { platform: SenderPlatform; job: SenderJob } | undefined {
  const port = parentPort;
  const data = workerData as { headcountJob?: SenderJob } | null;
  const job = data?.headcountJob;
  if (!port || !job) return undefined; // a worker of the app's own, or none
  writeNothing();
  const channel = hostChannel((message) => port.postMessage(message));
  port.on('message', (message: unknown) => channel.receive(message));
  const platform = basePlatform(channel, { isHosted: true, sharesThread: false });
  return { job, platform: { ...platform, end: () => port.close() } };
}

/**
 * What a thread writes is sent to its host, which would not end before the thread then: a warning of
 * Node's own is enough (NODE_TLS_REJECT_UNAUTHORIZED).
 */
function writeNothing(): void {
  for (const stream of ['stdout', 'stderr']) {
    const value = new Writable({ write: (_chunk, _encoding, done) => done() });
    Object.defineProperty(process, stream, { value });
  }
}

/** Where the sender is the code of a process that Headcount has started. */
export function childPlatform(): { platform: SenderPlatform; job: SenderJob } | undefined {
  const { HEADCOUNT_CHILD: isChild, HEADCOUNT_CHILD_JOB: job } = process.env;
  if (isChild === undefined || job === undefined) return undefined;
  const nobody: HostChannel = {
    ...hostChannel(() => undefined),
    // At once: waiting for a host that has ended would cost the child its life.
    ask: () => Promise.reject(new Error('the host has ended')),
  };
  const platform = basePlatform(nobody, { isHosted: false, sharesThread: false });
  return {
    // The cast: the parent has made it with this package's own code.
    job: JSON.parse(job) as SenderJob,
    // exit() would wait for a name look-up that hangs; this waits for nothing.
    platform: { ...platform, end: () => process.kill(process.pid, 'SIGKILL') },
  };
}

/** Where the sender runs in the host's own thread. */
export function inProcessPlatform(events: SenderThreadEvents): {
  platform: SenderPlatform;
  thread: SenderThread;
} {
  const channel = hostChannel((message) => events.message(message));
  const platform = basePlatform(channel, { isHosted: true, sharesThread: true });
  const held = heldNames();
  return {
    platform: { ...platform, names: held, end: () => events.exit() },
    thread: {
      post: (message) => channel.receive(message),
      // The deadline of flush() holds the process already.
      hold: (isHeld) => held.hold(isHeld),
      end(lastWord) {
        channel.receive(lastWord);
        return Promise.resolve();
      },
    },
  };
}

function basePlatform(
  { ask: askHost, onSend, onEnd, tellResult, tellDone }: HostChannel,
  place: Pick<SenderPlatform, 'isHosted' | 'sharesThread'>,
): Omit<SenderPlatform, 'end'> {
  const randomBytes = (count: number): Uint8Array => crypto.randomBytes(count);
  const settle = (timer: NodeJS.Timeout): NodeJS.Timeout =>
    place.sharesThread ? timer.unref() : timer;
  return {
    ...place,
    env: process.env,
    machine: createMachine(),
    names,
    files: nodeFiles(() => crypto.randomBytes(6).toString('hex')),
    processes: nodeProcesses(),
    pid: process.pid,
    now: () => Date.now(),
    random: () => Math.random(),
    hrtime: () => process.hrtime.bigint(),
    elapsed: () => performance.now(),
    randomBytes,
    hash: (algorithm, text) => crypto.createHash(algorithm).update(text).digest('hex'),
    limitLife,
    compress: promisify(gzip),
    rootCertificates: () => tls.rootCertificates,
    askHost,
    onSend,
    onEnd,
    tellResult,
    tellDone,
    after(ms, callback) {
      const timer = settle(setTimeout(callback, ms));
      return () => clearTimeout(timer);
    },
    every(ms, callback) {
      const timer = settle(setInterval(callback, ms));
      return () => clearInterval(timer);
    },
  };
}

/**
 * Kills this process after a time, also while its own thread hangs in a call of the system: the
 * timer runs in a thread of its own. SIGKILL, since exit would wait for a name look-up.
 */
function limitLife(ms: number): void {
  try {
    const watch = new Worker(
      `setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${Math.round(ms)})`,
      { eval: true, env: {}, execArgv: [] },
    );
    watch.on('error', () => undefined);
    watch.unref();
  } catch {
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), ms);
  }
}
