import process from 'node:process';
import { clearTimeout, setTimeout } from 'node:timers';

/** Beyond this, a timer of Node's fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Calls back once, after a time. An app's test may have replaced every timer, also that of
 * `AbortSignal.timeout()`, by one that never fires. So the time limit of `Atomics` is used as well,
 * and an open port keeps the process alive.
 *
 * @returns how to cancel it
 */
export function realTimer(
  callback: () => void,
  afterMs: number,
  { holdsProcess }: { readonly holdsProcess: boolean },
): () => void {
  const ms = Math.min(Math.max(Math.ceil(afterMs), 1), MAX_TIMER_MS);
  const limit = timeLimit(ms);
  const port = holdsProcess ? openPort() : undefined;
  let isOver = false;
  const cancel = (): void => {
    isOver = true;
    clearTimeout(timer);
    port?.close();
    limit?.free();
  };
  const end = (): void => {
    if (isOver) return;
    cancel();
    callback();
  };
  const timer = setTimeout(end, ms);
  if (!holdsProcess) timer.unref();
  void limit?.over.then(end);
  return cancel;
}

/** The time limit of `Atomics`; `undefined` if the app has removed it. */
function timeLimit(ms: number): { over: Promise<unknown>; free(): void } | undefined {
  try {
    const { notify, waitAsync } = Atomics as WaitingAtomics;
    const cell = new Int32Array(new SharedArrayBuffer(4));
    const waiting = waitAsync?.(cell, 0, 0, ms);
    return waiting?.async ? { over: waiting.value, free: () => void notify(cell, 0) } : undefined;
  } catch {
    return undefined;
  }
}

function openPort(): { close(): void } {
  const { MessageChannel } = process.getBuiltinModule('node:worker_threads');
  const { port1 } = new MessageChannel();
  port1.ref();
  return {
    close() {
      port1.unref(); // it is closed only in the next turn of the event loop
      port1.close();
    },
  };
}

/** What Node.js has and the types of ES2023 lack. */
interface WaitingAtomics extends Atomics {
  readonly waitAsync?: (
    cell: Int32Array,
    index: number,
    value: number,
    timeoutMs: number,
  ) => { readonly async: boolean; readonly value: Promise<unknown> };
}
