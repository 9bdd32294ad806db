import { PostHog } from 'posthog-node';

/** @param {string} endpoint @param {number} flushIntervalMs */
export function start(endpoint, flushIntervalMs) {
  const posthog = new PostHog('phc_bench', { host: endpoint, flushInterval: flushIntervalMs });
  return {
    track: () => posthog.capture({ distinctId: 'bench', event: 'startup' }),
    flush: () => posthog.flush(),
    close: () => posthog.shutdown(10_000),
  };
}
