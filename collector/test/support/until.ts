import { setTimeout as wait } from 'node:timers/promises';

/** Polls until the condition holds; fails after 10 seconds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}.`);
    await wait(10);
  }
}
