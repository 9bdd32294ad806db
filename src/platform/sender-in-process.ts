import process from 'node:process';
import { clearTimeout, setTimeout } from 'node:timers';
import type { SenderThread, SenderThreadEvents } from './platform.js';

/** What `sender.cjs` exports to a host that has no thread for it. */
export interface InProcessSender {
  start(job: unknown, events: SenderThreadEvents): SenderThread;
}

/**
 * Runs the sender in the host's own thread: for systems without worker threads. Its sockets never
 * keep the process alive. It is loaded in a turn of its own, never in the call that wants to send.
 */
export function runInProcess(text: string, job: unknown, events: SenderThreadEvents): SenderThread {
  const messages: unknown[] = [];
  let isHeld = false;
  let thread: SenderThread | undefined;
  // Not setImmediate(): unref'd, it waits for whatever else wakes the thread.
  const loading = setTimeout(() => {
    try {
      thread = load(text).start(job, events);
    } catch {
      return events.exit(); // as a thread that crashes
    }
    thread.hold(isHeld);
    for (const message of messages) thread.post(message);
  }, 0).unref();
  return {
    post: (message) => void (thread ? thread.post(message) : messages.push(message)),
    hold(held) {
      isHeld = held;
      thread?.hold(held);
    },
    async end(...how) {
      clearTimeout(loading);
      await thread?.end(...how);
    },
  };
}

function load(text: string): InProcessSender {
  const { createRequire } = process.getBuiltinModule('node:module');
  const { runInThisContext } = process.getBuiltinModule('node:vm');
  const module = { exports: {} };
  // The cast: a CommonJS wrapper, as Node's own loader makes it.
  const run = runInThisContext(`(function (exports, require, module) {${text}\n})`, {
    filename: 'headcount-sender.cjs',
  }) as (exports: object, require: NodeJS.Require, module: object) => void;
  run(module.exports, createRequire(process.execPath), module);
  return module.exports as InProcessSender;
}
