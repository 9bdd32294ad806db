import process from 'node:process';
import type { SenderThread, SenderThreadEvents } from './platform.js';

/** What `sender.cjs` exports to a host that has no thread for it. */
export interface InProcessSender {
  start(job: unknown, events: SenderThreadEvents): SenderThread;
}

/**
 * Runs the sender in the host's own thread: for systems without worker threads. Its sockets never
 * keep the process alive.
 */
export function runInProcess(text: string, job: unknown, events: SenderThreadEvents): SenderThread {
  const { createRequire } = process.getBuiltinModule('node:module');
  const { runInThisContext } = process.getBuiltinModule('node:vm');
  const module = { exports: {} };
  // The cast: a CommonJS wrapper, as Node's own loader makes it.
  const run = runInThisContext(`(function (exports, require, module) {${text}\n})`, {
    filename: 'headcount-sender.cjs',
  }) as (exports: object, require: NodeJS.Require, module: object) => void;
  run(module.exports, createRequire(process.execPath), module);
  return (module.exports as InProcessSender).start(job, events);
}
