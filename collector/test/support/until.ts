import { setTimeout as wait } from 'node:timers/promises';

/** Polls until the condition holds; fails after 30 seconds, for the slowest of machines. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}.`);
    await wait(10);
  }
}
