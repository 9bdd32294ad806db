import ua from 'universal-analytics';

const visitor = ua('UA-00000-1', { http: true, hostname: process.env.BENCH_ENDPOINT });
console.log('done');
await new Promise((resolve) => visitor.event('app', 'startup', resolve));
