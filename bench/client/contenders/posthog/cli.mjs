import { PostHog } from 'posthog-node';

const posthog = new PostHog('phc_bench', {
  host: process.env.BENCH_ENDPOINT,
  flushAt: 1,
  flushInterval: 0,
});
posthog.capture({ distinctId: 'bench', event: 'startup' });
console.log('done');
