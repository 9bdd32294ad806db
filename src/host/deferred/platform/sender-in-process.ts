import process from 'node:process';
import { clearTimeout, setTimeout } from 'node:timers';
import type {
  InProcessSender,
  SenderThread,
  SenderThreadEvents,
} from '../../../platform/platform.js';

/**
 * Runs the sender in the host's own thread: for systems without worker threads. Its sockets never
 * keep the process alive. It is loaded in a turn of its own, never in the call that wants to send.
 */
export function startSenderInProcess(
  text: string,
  job: unknown,
  events: SenderThreadEvents,
): SenderThread {
  const waiting: ((thread: SenderThread) => void)[] = [];
  let thread: SenderThread | undefined;
  const tell = (what: (thread: SenderThread) => void): void =>
    void (thread ? what(thread) : waiting.push(what));
  // Not setImmediate(): unref'd, it waits for whatever else wakes the thread.
  const loading = setTimeout(() => {
    try {
      thread = load(text).start(job, events);
    } catch {
      return events.exit(); // as a thread that crashes
    }
    waiting.forEach(tell);
  }, 0).unref();
  return {
    post: (message) => tell((sender) => sender.post(message)),
    hold: (held) => tell((sender) => sender.hold(held)),
    async end(...how) {
      clearTimeout(loading);
      await thread?.end(...how);
    },
  };
}

function load(text: string): InProcessSender {
  const { runInThisContext } = process.getBuiltinModule('node:vm');
  const module = { exports: {} };
  // The cast: a CommonJS wrapper, as Node's own loader makes it. It requires Node's own modules only.
  const run = runInThisContext(
    `(function (exports, require, module) {${text}\n})`,
    'headcount-sender.cjs',
  ) as (exports: object, require: (id: string) => unknown, module: object) => void;
  run(module.exports, (id) => process.getBuiltinModule(id), module);
  return module.exports as InProcessSender;
}
