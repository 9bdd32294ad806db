import { init, track } from '@amplitude/analytics-node';

init('bench', { serverUrl: `${process.env.BENCH_ENDPOINT}/2/httpapi` });
track('startup', undefined, { device_id: 'bench-device' });
console.log('done');
