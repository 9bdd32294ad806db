// @ts-check
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 20;
const STANDSTILL_MS = 60_000;

/**
 * @typedef {object} Side a store as the benchmark sees it
 * @property {() => Promise<number>} counted reports
 * @property {() => Promise<() => Promise<void>>} hold keeps collectors from counting until the returned
 * function is called
 * @property {() => Promise<void>} end
 */

/**
 * Waits until so many reports are counted in all.
 *
 * @param {Pick<Side, 'counted'>} side
 * @param {number} before that were counted before
 * @param {number} total
 * @param {(text: string) => void} progress
 * @returns {Promise<{ firstAtMs: number, lastAtMs: number, perSecond: number }>} the rate is that from
 * the first look that saw more
 */
export async function untilCounted(side, before, total, progress) {
  let [first, last] = [
    { atMs: NaN, n: before },
    { atMs: performance.now(), n: before },
  ];
  while (last.n < total) {
    const now = { n: await side.counted(), atMs: performance.now() };
    if (now.n > last.n) {
      last = now;
      if (first.n === before) first = now;
      progress(`${now.n - before} of ${total - before} reports counted`);
    } else if (now.atMs - last.atMs > STANDSTILL_MS) {
      throw new Error(`${total - now.n} reports that were acknowledged are not counted.`);
    }
    await pause(LOOK_EVERY_MS);
  }
  if (last.n > total) throw new Error(`${last.n - total} reports are counted twice.`);
  const perSecond = ((last.n - first.n) * 1000) / (last.atMs - first.atMs);
  return { firstAtMs: first.atMs, lastAtMs: last.atMs, perSecond };
}
