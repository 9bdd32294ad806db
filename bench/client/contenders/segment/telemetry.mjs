import { Analytics } from '@segment/analytics-node';

/** @param {string} endpoint @param {number} flushAfterMs */
export function start(endpoint, flushAfterMs) {
  const analytics = new Analytics({
    writeKey: 'bench',
    host: endpoint,
    flushInterval: flushAfterMs,
  });
  return {
    track: () => analytics.track({ anonymousId: 'bench', event: 'startup' }),
    flush: () => analytics.flush({ timeout: 10_000 }),
    close: () => analytics.closeAndFlush({ timeout: 10_000 }),
  };
}
