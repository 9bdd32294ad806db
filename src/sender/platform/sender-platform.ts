import crypto from 'node:crypto';
import fs from 'node:fs';
import process from 'node:process';
import { Writable } from 'node:stream';
import { type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import type { LastSend, SenderJob, SendResult } from '../../delivery/protocol.js';
import { withUpperCase } from '../../platform/any-case.js';
import { nodeFiles } from '../../platform/node-files.js';
import { wholeFiles } from '../../platform/whole-files.js';
import { patience } from '../../platform/patiently.js';
import { isAlive } from '../../platform/is-alive.js';
import { nodeProcesses } from '../../platform/node-processes.js';
import { readOwnFile } from '../../platform/read-own-file.js';
import type { Env, Platform, SenderThread, SenderThreadEvents } from '../../platform/platform.js';
import { type HeldLimits, HOST_LIMITS, retryHeld } from '../../platform/retry-held.js';
import { clamp, MAX_TIME_MS, MAX_TIMER_MS } from '../../ranges.js';
import { hasRoomForThread } from '../../platform/task-room.js';
import type { StorageCall } from '../host-storage.js';
import type { TimeSources } from '../identity/anonymous-id.js';
import type { Machine } from '../identity/machine-id.js';
import type { Network } from '../network/network.js';
import type { Names } from '../resolve-name.js';
import { hostChannel, type HostChannel } from './host-channel.js';
import { createMachine } from './sender-machine.js';
import { heldNames, names } from './sender-names.js';
import { network } from './sender-network.js';

/** Time and chance, as sending takes them. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds of a clock that never goes back. */
  elapsed(): number;
  /** 0 to 1. */
  random(): number;
  /** Random bytes of the system. */
  randomBytes(count: number): Uint8Array;
  /** Resolves after a time, or at once when `stop` is aborted. */
  sleep(ms: number, stop?: AbortSignal): Promise<void>;
  /** Calls back again and again. Returns how to cancel it. */
  every(ms: number, callback: () => void): () => void;
}

/** What the sender takes from outside, wherever it runs. */
export interface SenderPlatform
  extends
    Clock,
    Omit<TimeSources, 'now' | 'randomBytes'>,
    Pick<Platform, 'files' | 'processes' | 'uniqueHex'> {
  readonly env: Env;
  /** A small file's text; `undefined` if somebody else may have written it. Never throws. */
  readonly readOwnFile: (path: string) => string | undefined;
  /** Removes a folder if it is empty. Never throws. */
  readonly removeFolder: (path: string) => void;
  /** Whether it runs inside the host's process, where the system must not resolve names. */
  readonly isHosted: boolean;
  /** Whether it runs in the host's thread, which it must never keep alive. */
  readonly sharesThread: boolean;
  readonly machine: Machine;
  /** 32 bytes of the system's random source, as 64 hex digits. */
  readonly newSecret: () => string;
  readonly names: Names;
  /** Compresses in this thread: the first use of libuv's pool aborts where no thread can be had. */
  readonly compress: (text: string) => Promise<Uint8Array>;
  readonly network: Network;
  /** Whether libuv's pool, which the system's look-up of names needs, may be started. */
  readonly mayUsePool: () => boolean;
  /** Calls a method of the host's storage. */
  readonly askHost: (call: StorageCall) => Promise<unknown>;
  readonly onSend: (callback: (hostOutbox: boolean) => void) => void;
  /** Calls back when the host waits in its exit. From then on it answers nothing. */
  readonly onLast: (callback: (last: LastSend) => void) => void;
  /** Calls back when the host needs the sender no longer. */
  readonly onEnd: (callback: () => void) => void;
  readonly tellResult: (result: SendResult) => void;
  readonly tellDone: (answer: unknown) => void;
  /** Calls back once. Returns how to cancel it. */
  readonly after: (ms: number, callback: () => void) => () => void;
  /** Ends this thread, or this process. */
  readonly end: () => void;
  /** Ends this process after a time, even if its thread hangs. */
  readonly limitLife: (ms: number) => void;
}

/** A sender may wait: it holds up nobody. The codes mean other things on other systems. */
function waitForHeldFiles(limits: Omit<HeldLimits, 'elapsed'> = SENDER_LIMITS): void {
  if (process.platform !== 'win32') return;
  patience.retry = retryHeld({ ...limits, elapsed: () => performance.now() });
}

const SENDER_LIMITS: Omit<HeldLimits, 'elapsed'> = {
  callMs: 500,
  totalMs: 3_000,
  windowMs: 10_000,
  pause: () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10),
};

/** The platform in a worker thread that Headcount has started; `undefined` anywhere else. */
export function threadPlatform(): { platform: SenderPlatform; job: SenderJob } | undefined {
  const port = parentPort;
  const data = workerData as { headcountJob?: SenderJob } | null;
  const job = data?.headcountJob;
  if (!port || !job) return undefined; // the app's worker, or no worker
  writeNothing();
  // Here and in undici, variables are asked for in upper case, and a copy is exact about that.
  if (process.platform === 'win32') Object.assign(process.env, withUpperCase(process.env));
  waitForHeldFiles();
  const channel = hostChannel((message) => port.postMessage(message));
  port.on('message', (message: unknown) => channel.receive(message));
  const platform = basePlatform(channel, { isHosted: true, sharesThread: false });
  return { job, platform: { ...platform, end: () => endThread(port) } };
}

/** Deno's port has no `close()`; its threads end themselves by the global one. */
function endThread(port: MessagePort): void {
  const { close } = globalThis as { close?: () => void };
  if (typeof port.close === 'function') port.close();
  else close?.();
}

/**
 * A thread's output goes through its host, which then cannot end before the thread. One warning by
 * Node.js is enough, such as that for NODE_TLS_REJECT_UNAUTHORIZED.
 */
function writeNothing(): void {
  for (const stream of ['stdout', 'stderr']) {
    const value = new Writable({ write: (_chunk, _encoding, done) => done() });
    Object.defineProperty(process, stream, { value });
  }
}

/** The platform in a process that Headcount has started; `undefined` anywhere else. */
export function childPlatform(): { platform: SenderPlatform; job: SenderJob } | undefined {
  const { HEADCOUNT_CHILD: isChild, HEADCOUNT_CHILD_JOB: job } = process.env;
  if (isChild === undefined || job === undefined) return undefined;
  waitForHeldFiles();
  const noHost: HostChannel = {
    ...hostChannel(() => undefined),
    // Rejects at once: waiting for an ended host would use up the child's time.
    ask: () => Promise.reject(new Error('the host has ended')),
  };
  const platform = basePlatform(noHost, { isHosted: false, sharesThread: false });
  return {
    // The cast: this package's code in the parent has made it.
    job: JSON.parse(job) as SenderJob,
    // exit() would wait for a name look-up that hangs; SIGKILL does not.
    platform: { ...platform, end: () => process.kill(process.pid, 'SIGKILL') },
  };
}

/** The platform in the host's thread. */
export function inProcessPlatform(events: SenderThreadEvents): {
  platform: SenderPlatform;
  thread: SenderThread;
} {
  waitForHeldFiles(HOST_LIMITS);
  const channel = hostChannel((message) => events.message(message));
  const platform = basePlatform(channel, { isHosted: true, sharesThread: true });
  const held = heldNames();
  return {
    platform: { ...platform, names: held, end: () => events.exit() },
    thread: {
      post: (message) => channel.receive(message),
      // The timer of flush() holds the process already.
      hold: (isHeld) => held.hold(isHeld),
      end(lastWord) {
        channel.receive(lastWord);
        return Promise.resolve();
      },
    },
  };
}

const uniqueHex = (): string => crypto.randomBytes(6).toString('hex');
const files = nodeFiles((tools) => wholeFiles(tools, uniqueHex));

function basePlatform(
  { ask: askHost, onSend, onLast, onEnd, tellResult, tellDone }: HostChannel,
  place: Pick<SenderPlatform, 'isHosted' | 'sharesThread'>,
): Omit<SenderPlatform, 'end'> {
  const randomBytes = (count: number): Uint8Array => crypto.randomBytes(count);
  const settle = (timer: NodeJS.Timeout): NodeJS.Timeout =>
    place.sharesThread ? timer.unref() : timer;
  const after: SenderPlatform['after'] = (ms, callback) => {
    const timer = settle(setTimeout(callback, clamp(ms, MAX_TIMER_MS)));
    return () => clearTimeout(timer);
  };
  return {
    ...place,
    network: { ...network, after },
    env: process.env,
    readOwnFile,
    removeFolder,
    machine: createMachine(),
    newSecret: () => crypto.randomBytes(32).toString('hex'),
    names,
    files,
    processes: { ...nodeProcesses(), isAlive },
    pid: process.pid,
    now: () => clamp(Date.now(), MAX_TIME_MS),
    // Not `Math.random()`: a sender may run in the host's thread.
    random: () => crypto.randomInt(2 ** 32) / 2 ** 32,
    hrtime: () => process.hrtime.bigint(),
    elapsed: () => performance.now(),
    randomBytes,
    uniqueHex,
    hash: (algorithm, text) => crypto.createHash(algorithm).update(text).digest('hex'),
    limitLife,
    compress: (text) => Promise.resolve(gzipSync(text)),
    mayUsePool: hasRoomForThread,
    askHost,
    onSend,
    onLast,
    onEnd,
    tellResult,
    tellDone,
    after,
    sleep: (ms, stop) =>
      new Promise((resolve) => {
        const finish = (): void => {
          clearTimeout(timer);
          stop?.removeEventListener('abort', finish);
          resolve();
        };
        const timer = settle(setTimeout(finish, clamp(ms, MAX_TIMER_MS)));
        stop?.addEventListener('abort', finish);
        if (stop?.aborted) finish();
      }),
    every(ms, callback) {
      const timer = settle(setInterval(callback, ms));
      return () => clearInterval(timer);
    },
  };
}

function removeFolder(path: string): void {
  try {
    fs.rmdirSync(path);
  } catch {
    return; // it has files
  }
}

/**
 * Kills this process after a time, even if its thread hangs in a system call: the timer runs in a
 * second thread. SIGKILL, because exit would wait for a name look-up.
 */
function limitLife(ms: number): void {
  try {
    if (!hasRoomForThread()) throw new Error('no room for a thread');
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
