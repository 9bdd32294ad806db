import process from 'node:process';
import { ownOnly } from '../../../own-only.js';
import { isPermitted } from '../../../platform/is-permitted.js';
import type { SenderThread, SenderThreadEvents } from '../../../platform/platform.js';
import { hasRoomForThread } from '../../../platform/task-room.js';
import type { SenderFile } from '../../platform/sender-file.js';
import { outsideContexts } from './outside-contexts.js';
import { realTimer } from './real-timer.js';

/** Whether the limits of this process and Node's permissions leave room for a thread. */
export const mayStartThread = (): boolean => hasRoomForThread() && isPermitted('worker');

/**
 * Starts the sender in a worker thread; `undefined` if its code cannot be read, or if a thread more
 * could bring the process down.
 */
export function startSenderThread(
  file: SenderFile,
  job: unknown,
  events: SenderThreadEvents,
): SenderThread | undefined {
  if (!mayStartThread()) return undefined;
  const path = pathOnDisk(file);
  const code = path ?? file.text();
  return code === undefined
    ? undefined
    : outsideContexts(() => startWorker(code, path === undefined, job, events));
}

/** Yarn's archives, and its folders that exist only for it: a new thread cannot see either. */
const ONLY_FOR_YARN = /\.zip[\\/]|[\\/](__virtual__|\$\$virtual)[\\/]/;

function pathOnDisk(file: SenderFile): string | undefined {
  const path = file.path();
  const isPnp = Object.hasOwn(process.versions, 'pnp');
  return isPnp && path !== undefined && ONLY_FOR_YARN.test(path) ? undefined : path;
}

function startWorker(
  code: string,
  isText: boolean,
  job: unknown,
  events: SenderThreadEvents,
): SenderThread {
  // Loaded here, because most programs end before they need a thread.
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const worker = new Worker(code, {
    eval: isText,
    workerData: { headcountJob: job },
    execArgv: [],
    env: threadEnvironment(process.env),
    stdout: true,
    stderr: true,
  });
  worker.on('message', (message: unknown) => events.message(message));
  worker.on('error', () => {
    // 'exit' follows and tells the owner. Without this listener, the error would end the host.
  });
  let hasEnded = false;
  worker.once('exit', () => {
    hasEnded = true;
    events.exit();
  });
  worker.unref();
  return {
    post: (message) => worker.postMessage(message),
    hold: (held) => (held ? worker.ref() : worker.unref()),
    end: (lastWord, withinMs) =>
      new Promise((resolve) => {
        if (hasEnded) return resolve();
        const terminate = (): void => void worker.terminate();
        const cancel = realTimer(terminate, withinMs, { holdsProcess: true });
        worker.once('exit', () => {
          cancel();
          resolve();
        });
        worker.ref(); // the caller awaits this promise
        worker.postMessage(lastWord);
      }),
  };
}

/**
 * Without NODE_OPTIONS: a preload of the app must not run a second time. A thread of Node.js 24
 * knows its own flags only, so this one tells it by a variable to trust what the host trusts.
 */
function threadEnvironment(given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS = '', ...env } = ownOnly(given);
  const flags = [...NODE_OPTIONS.split(/\s+/), ...process.execArgv];
  const flag = flags.filter((each) => /^--(no-)?use[-_]system[-_]ca$/.test(each)).at(-1);
  return flag === undefined
    ? env
    : { ...env, NODE_USE_SYSTEM_CA: flag.startsWith('--no') ? '0' : '1' };
}
