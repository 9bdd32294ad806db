import process from 'node:process';
import type {
  InProcessSender,
  SenderThread,
  SenderThreadEvents,
} from '../../../platform/platform.js';
import { outsideContexts } from './outside-contexts.js';
import { realTimer } from './real-timer.js';

/**
 * Runs the sender in the host's thread, for systems without worker threads. Its sockets do not
 * keep the process alive. It is loaded by a timer, because loading it would block the app's call.
 */
export function startSenderInProcess(
  text: string,
  job: unknown,
  events: SenderThreadEvents,
): SenderThread {
  const waiting: ((thread: SenderThread) => void)[] = [];
  let thread: SenderThread | undefined;
  const tell = (what: (thread: SenderThread) => void): void => {
    const started = thread;
    if (started) outsideContexts(() => what(started));
    else waiting.push(what);
  };
  const start = (): void => {
    try {
      thread = load(text).start(job, events);
    } catch {
      return events.exit(); // like a thread that crashes
    }
    waiting.forEach(tell);
  };
  // Not setImmediate(): an unref'd one runs only when something else wakes the thread.
  const cancel = outsideContexts(() => realTimer(start, 0, { holdsProcess: false }));
  return {
    post: (message) => tell((sender) => sender.post(message)),
    hold: (held) => tell((sender) => sender.hold(held)),
    async end(...how) {
      cancel();
      await thread?.end(...how);
    },
  };
}

function load(text: string): InProcessSender {
  const { runInThisContext } = process.getBuiltinModule('node:vm');
  const module = { exports: {} };
  // The cast: a CommonJS wrapper, as in Node's loader. The sender requires only Node's modules.
  const run = runInThisContext(
    `(function (exports, require, module) {${text}\n})`,
    'headcount-sender.cjs',
  ) as (exports: object, require: (id: string) => unknown, module: object) => void;
  run(module.exports, (id) => process.getBuiltinModule(id), module);
  return module.exports as InProcessSender;
}
