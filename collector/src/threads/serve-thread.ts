import { parentPort } from 'node:worker_threads';
import { CLOSE, toFailure, type Operations, type Reply, type Request } from './messages.js';

/**
 * Answers the operations that `openThread()` on the other side calls. Must run in a worker thread.
 * The thread ends by itself once `close` has returned; it is never killed, since the SQLite
 * binding aborts the process when it is torn down in the middle of a call.
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
