import process from 'node:process';
import { clearTimeout, setTimeout } from 'node:timers';
import type { SenderThread, SenderThreadEvents } from '../../../platform/platform.js';
import type { SenderFile } from '../../platform/sender-file.js';

/** Starts the sender in a worker thread; `undefined` if its code cannot be read. */
export function startSenderThread(
  file: SenderFile,
  job: unknown,
  events: SenderThreadEvents,
): SenderThread | undefined {
  const code = file.path() ?? file.text();
  if (code === undefined) return undefined;
  // Loaded here, because most programs end before they need a thread.
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const worker = new Worker(code, {
    eval: file.path() === undefined,
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
        const timer = setTimeout(() => void worker.terminate(), withinMs);
        worker.once('exit', () => {
          clearTimeout(timer);
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
function threadEnvironment({ NODE_OPTIONS = '', ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const flags = [...NODE_OPTIONS.split(/\s+/), ...process.execArgv];
  const flag = flags.filter((each) => /^--(no-)?use[-_]system[-_]ca$/.test(each)).at(-1);
  return flag === undefined
    ? env
    : { ...env, NODE_USE_SYSTEM_CA: flag.startsWith('--no') ? '0' : '1' };
}
