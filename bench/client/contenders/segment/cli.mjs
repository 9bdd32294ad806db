import { Analytics } from '@segment/analytics-node';

const analytics = new Analytics({
  writeKey: 'bench',
  host: process.env.BENCH_ENDPOINT,
  flushAt: 1,
});
analytics.track({ anonymousId: 'bench', event: 'startup' });
console.log('done');
