import { clearTimeout, setTimeout } from 'node:timers';

/** Beyond this, a timer of Node's fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Calls back once, after a time. An app's test may have replaced all timers by ones that never
 * fire; those behind `AbortSignal.timeout()` stay.
 *
 * @returns how to cancel it
 */
export function realTimer(
  callback: () => void,
  afterMs: number,
  { holdsProcess }: { readonly holdsProcess: boolean },
): () => void {
  const ms = Math.min(Math.max(Math.ceil(afterMs), 0), MAX_TIMER_MS);
  const cancel = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  };
  const end = (): void => {
    cancel();
    callback();
  };
  const timer = setTimeout(end, ms);
  if (!holdsProcess) timer.unref();
  const signal = abortSignal()?.timeout(ms);
  signal?.addEventListener('abort', end);
  return cancel;
}

/** A context of `node:vm` may have none. */
const abortSignal = (): typeof AbortSignal | undefined =>
  (globalThis as { AbortSignal?: typeof AbortSignal }).AbortSignal;
