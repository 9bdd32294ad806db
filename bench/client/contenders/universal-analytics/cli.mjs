import ua from 'universal-analytics';

const visitor = ua('UA-00000-1', { http: true, hostname: process.env.BENCH_ENDPOINT });
visitor.event('app', 'startup').send();
console.log('done');
