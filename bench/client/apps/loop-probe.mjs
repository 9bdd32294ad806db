// @ts-check
// How long the event loop was held up, from before the import until after the first delivery. The
// delay is what a timer of 1 ms comes late.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';

const RESOLUTION_MS = 1;
const { BENCH_ENDPOINT = '', BENCH_FLUSH_AFTER_MS, BENCH_LIFE_MS } = process.env;

await pause(100); // the start of the process itself is not ours
const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delays.enable();
await pause(20);
// @ts-expect-error -- copied beside this file from contenders/<name>/
const { start } = await import('./telemetry.mjs');
const telemetry = await start(BENCH_ENDPOINT, Number(BENCH_FLUSH_AFTER_MS));
telemetry.track();
await pause(Number(BENCH_LIFE_MS));
delays.disable();
const lateMs = (/** @type {number} */ ns) => Math.max(0, ns / 1e6 - RESOLUTION_MS);
console.log(JSON.stringify({ p99Ms: lateMs(delays.percentile(99)), maxMs: lateMs(delays.max) }));
process.exit(0);
