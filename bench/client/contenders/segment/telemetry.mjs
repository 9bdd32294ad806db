import { Analytics } from '@segment/analytics-node';

/** @param {string} endpoint @param {number} flushIntervalMs */
export function start(endpoint, flushIntervalMs) {
  const analytics = new Analytics({
    writeKey: 'bench',
    host: endpoint,
    flushInterval: flushIntervalMs,
  });
  return {
    track: () => analytics.track({ anonymousId: 'bench', event: 'startup' }),
    flush: () => analytics.flush({ timeout: 10_000 }),
    close: () => analytics.closeAndFlush({ timeout: 10_000 }),
  };
}
