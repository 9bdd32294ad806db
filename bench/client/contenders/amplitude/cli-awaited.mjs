import { flush, init, track } from '@amplitude/analytics-node';

await init('bench', { serverUrl: `${process.env.BENCH_ENDPOINT}/2/httpapi` }).promise;
track('startup', undefined, { device_id: 'bench-device' });
console.log('done');
await flush().promise;
