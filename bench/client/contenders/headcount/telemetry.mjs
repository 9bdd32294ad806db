import { createHeadcount } from 'headcount';

/** @param {string} endpoint @param {number} flushIntervalMs */
export function start(endpoint, flushIntervalMs) {
  const headcount = createHeadcount({ endpoint, flushIntervalMs });
  return {
    track: () => headcount.track(),
    flush: () => headcount.flush({ timeoutMs: 10_000 }),
    close: () => headcount.close({ timeoutMs: 10_000 }),
  };
}
