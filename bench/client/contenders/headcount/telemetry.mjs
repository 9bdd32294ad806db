import { createHeadcount } from 'headcount';

/** @param {string} endpoint @param {number} flushAfterMs */
export function start(endpoint, flushAfterMs) {
  const headcount = createHeadcount({ endpoint, flushAfterMs });
  return {
    track: () => headcount.track(),
    flush: () => headcount.flush({ timeoutMs: 10_000 }),
    close: () => headcount.close({ timeoutMs: 10_000 }),
  };
}
