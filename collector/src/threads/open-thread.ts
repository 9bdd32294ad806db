import { Worker } from 'node:worker_threads';
import { CLOSE, fromFailure, type Operations, type Reply, type Request } from './messages.js';

/** The near end of a worker thread that runs `serveThread()`. */
export interface Thread<Ops extends Operations> {
  /** Rejects with the operation's error, or when the thread has ended. */
  call<Name extends keyof Ops & string>(
    operation: Name,
    input: Parameters<Ops[Name]>[0],
  ): Promise<Awaited<ReturnType<Ops[Name]>>>;
  /** Lets the thread finish what it does and end. Calls not yet answered are answered first. */
  close(): Promise<void>;
}

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Starts a worker thread and waits until it serves.
 *
 * @param url - The built file of the thread.
 * @param workerData - What it finds as `workerData`.
 * @throws What the thread threw while it started.
 */
export async function openThread<Ops extends Operations>(
  url: URL,
  workerData: unknown,
): Promise<Thread<Ops>> {
  const worker = new Worker(url, { workerData });
  const pending = new Map<number, Pending>();
  let nextId = 0;
  let ended: Error | undefined;

  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      ended ??= new Error('The thread has ended.');
      for (const { reject } of pending.values()) reject(ended);
      pending.clear();
      resolve();
    });
  });

  await new Promise<void>((resolve, reject) => {
    worker.on('error', (error: Error) => {
      ended = error;
      reject(error);
    });
    worker.on('message', (reply: Reply) => {
      if (reply.kind === 'ready') {
        resolve();
        return;
      }
      const call = pending.get(reply.id);
      pending.delete(reply.id);
      if (reply.kind === 'result') call?.resolve(reply.result as never);
      else call?.reject(fromFailure(reply.failure));
    });
  });

  const post = (operation: string, input: unknown): number => {
    const request: Request = { id: nextId++, operation, input };
    worker.postMessage(request);
    return request.id;
  };

  return {
    call: (operation, input) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) {
          reject(ended);
          return;
        }
        pending.set(post(operation, input), { resolve, reject });
      }),
    close: async () => {
      if (ended === undefined) post(CLOSE, undefined);
      await exited;
    },
  };
}
