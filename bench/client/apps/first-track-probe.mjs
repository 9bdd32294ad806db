// @ts-check
// The first track() of a process that has loaded nothing else. With $BENCH_STARTS_NOTHING it ends
// without the listeners of 'exit': a process that uploads would disturb the next run.
import { track } from 'headcount';

const started = process.hrtime.bigint();
track();
const firstMs = Number(process.hrtime.bigint() - started) / 1e6;
console.log(JSON.stringify({ firstMs }));
if (process.env['BENCH_STARTS_NOTHING']) {
  process.removeAllListeners('exit');
  process.exit(0);
}
