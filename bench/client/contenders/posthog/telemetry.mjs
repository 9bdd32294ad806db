import { PostHog } from 'posthog-node';

/** @param {string} endpoint @param {number} flushAfterMs */
export function start(endpoint, flushAfterMs) {
  const posthog = new PostHog('phc_bench', { host: endpoint, flushInterval: flushAfterMs });
  return {
    track: () => posthog.capture({ distinctId: 'bench', event: 'startup' }),
    flush: () => posthog.flush(),
    close: () => posthog.shutdown(10_000),
  };
}
