import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { isRecord } from '../is-record.js';
import { heapLimits, keepHeapsSmall } from './keep-heaps-small.js';
import { CLOSE, fromFailure, type Operations, type Reply, type Request } from './messages.js';

/** A thread ended unexpectedly. The cause is the error that it threw, if any. */
export class ThreadDiedError extends Error {
  override readonly name = 'ThreadDiedError';
}

/** The handle of a worker thread that runs `serveThread()`. */
export interface Thread<Ops extends Operations> {
  /** Rejects with the operation's error, or with {@link ThreadDiedError}. */
  call<Name extends keyof Ops & string>(
    operation: Name,
    input: Parameters<Ops[Name]>[0],
  ): Promise<Awaited<ReturnType<Ops[Name]>>>;
  /**
   * Resolves when the thread has ended unexpectedly. It is not restarted: its state is unknown, and
   * a new process is well tested.
   */
  readonly died: Promise<ThreadDiedError>;
  /** Answers all pending calls, then ends the thread. */
  close(): Promise<void>;
}

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Starts a worker thread, and waits until it is ready.
 *
 * @param url - The built file of the thread.
 * @param workerData - The thread's `workerData`.
 * @throws The error that the thread threw while it started.
 */
export async function openThread<Ops extends Operations>(
  url: URL,
  workerData: unknown,
): Promise<Thread<Ops>> {
  const worker = new Worker(url, { workerData, resourceLimits: heapLimits() });
  const pending = new Map<number, Pending>();
  let nextId = 0;
  let isClosing = false;
  let ended: ThreadDiedError | undefined;

  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
  });
  const died = new Promise<ThreadDiedError>((resolve) => {
    const end = (cause?: unknown): void => {
      if (ended !== undefined) return;
      ended = new ThreadDiedError(`The thread ${basename(url.pathname, '.js')} has ended.`, {
        cause,
      });
      for (const { reject } of pending.values()) reject(ended);
      pending.clear();
      if (!isClosing) resolve(ended);
    };
    worker.on('error', end);
    worker.once('exit', () => end());
  });

  await new Promise<void>((resolve, reject) => {
    worker.once('error', (thrown) => reject(toError(thrown)));
    void died.then(reject);
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

  keepHeapsSmall();
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
    died,
    close: async () => {
      isClosing = true;
      if (ended === undefined) post(CLOSE, undefined);
      await exited;
    },
  };
}

/** An error of SQLite loses its class and its message between threads, and keeps its code. */
function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  const code = isRecord(thrown) ? thrown['code'] : undefined;
  return Object.assign(new Error(String(code ?? thrown)), code === undefined ? {} : { code });
}
