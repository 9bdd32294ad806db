// @ts-check
// A server app that tracks 1 000 events a second, ten at a time, and has nothing else to do.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
// @ts-expect-error -- copied beside this file from contenders/<name>/
import { start } from './telemetry.mjs';

const EVENTS_A_SECOND = 1_000;
const RESOLUTION_MS = 1;
const { BENCH_ENDPOINT = '', BENCH_SECONDS } = process.env;

const telemetry = await start(BENCH_ENDPOINT, 1_000);
const total = Number(BENCH_SECONDS) * EVENTS_A_SECOND;
const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delays.enable();
const cpuBefore = process.cpuUsage();
const started = performance.now();
let tracked = 0;
while (tracked < total) {
  await pause(10);
  const due = Math.min(total, ((performance.now() - started) / 1000) * EVENTS_A_SECOND);
  for (; tracked < due; tracked += 1) telemetry.track();
}
delays.disable();
const cpu = process.cpuUsage(cpuBefore);
const { rss, heapUsed } = process.memoryUsage();
const closing = performance.now();
await telemetry.close();
console.log(
  JSON.stringify({
    tracked,
    p99Ms: Math.max(0, delays.percentile(99) / 1e6 - RESOLUTION_MS),
    maxMs: Math.max(0, delays.max / 1e6 - RESOLUTION_MS),
    cpuPercent: (cpu.user + cpu.system) / 10_000 / Number(BENCH_SECONDS),
    rssMb: rss / 1024 / 1024,
    heapMb: heapUsed / 1024 / 1024,
    closeMs: performance.now() - closing,
  }),
);
process.exit(0);
