import { parentPort } from 'node:worker_threads';
import { CLOSE, toFailure, type Operations, type Reply, type Request } from './messages.js';

/**
 * Serves the operations that `openThread()` calls. It must run in a worker thread. The thread ends
 * after `close`; it is never killed, since the SQLite binding aborts the process if it is
 * interrupted in a call.
 */
export function serveThread(operations: Operations, close: () => void): void {
  const port = parentPort;
  if (port === null) throw new Error('serveThread() must be called in a worker thread.');
  const send = (reply: Reply): void => port.postMessage(reply);

  const answer = async ({ id, operation, input }: Request): Promise<void> => {
    try {
      const run = operations[operation];
      if (run === undefined) throw new Error(`Unknown operation: ${operation}.`);
      send({ kind: 'result', id, result: await run(input as never) });
    } catch (error) {
      send({ kind: 'failure', id, failure: toFailure(error) });
    }
  };

  port.on('message', (request: Request) => {
    if (request.operation !== CLOSE) {
      void answer(request);
      return;
    }
    try {
      close();
    } finally {
      port.close();
    }
  });
  send({ kind: 'ready' });
}
