import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { CLOSE, fromFailure, type Operations, type Reply, type Request } from './messages.js';

/** A thread has ended that nobody had asked to. Its cause is what it threw, if it threw. */
export class ThreadDiedError extends Error {
  override readonly name = 'ThreadDiedError';
}

/** The near end of a worker thread that runs `serveThread()`. */
export interface Thread<Ops extends Operations> {
  /** Rejects with the operation's error, or with {@link ThreadDiedError}. */
  call<Name extends keyof Ops & string>(
    operation: Name,
    input: Parameters<Ops[Name]>[0],
  ): Promise<Awaited<ReturnType<Ops[Name]>>>;
  /**
   * Resolves as soon as the thread has ended without having been asked to. It is not started
   * again: what failed in it is unknown, and a new process is the state that is well tested.
   */
  readonly died: Promise<ThreadDiedError>;
  /** Lets the thread finish what it does and end. Calls not yet answered are answered first. */
  close(): Promise<void>;
}

/**
 * A thread's young objects die in batches. By default V8 lets room for them grow to 48 MB, in each
 * thread, which takes as much memory and saves no time.
 */
const LIMITS = { maxYoungGenerationSizeMb: 3 };

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
  const worker = new Worker(url, { workerData, resourceLimits: LIMITS });
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
    worker.once('error', reject);
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
