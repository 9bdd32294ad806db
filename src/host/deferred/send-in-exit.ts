import type { Platform } from '../../platform/platform.js';
import { clamp, MAX_EXIT_BUDGET_MS } from '../../ranges.js';
import type { SenderThreads } from './sender-threads.js';

/** How long this process has waited: its projects, and reports made in its exit, share the budget. */
let waitedMs = 0;

/**
 * Sends by a thread while this thread, which is ending, waits. Never throws, and never waits longer
 * than the budget.
 *
 * @param lines - reports that are in memory only
 * @returns how many of these lines need no sender any more; `undefined` if no thread can send
 */
export function sendInExit(
  threads: SenderThreads,
  lines: string,
  budgetMs: unknown,
  platform: Pick<Platform, 'now' | 'elapsed'>,
): number | undefined {
  const startedMs = platform.elapsed();
  const withinMs = clamp(budgetMs, MAX_EXIT_BUDGET_MS) - waitedMs;
  const leftMs = (): number => withinMs - (platform.elapsed() - startedMs);
  if (withinMs <= 0) return undefined;
  try {
    const told = new Int32Array(new SharedArrayBuffer(8));
    if (!threads.sendLast({ lines, untilMs: platform.now() + withinMs, told })) return undefined;
    Atomics.wait(told, 0, 0, Math.max(leftMs(), 0));
    return Atomics.load(told, 1);
  } catch {
    return undefined; // the app has removed something, or this runtime's main thread may not wait
  } finally {
    waitedMs += platform.elapsed() - startedMs;
  }
}
