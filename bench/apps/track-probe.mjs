// @ts-check
// Times single calls of track(). After each batch everything is flushed, so that no bound of a
// queue is ever reached: a full queue drops, and dropping is faster than keeping.
/** Before the engine has compiled what is called. */
const COLD_CALLS = 1_000;
const { BENCH_ENDPOINT = '', BENCH_CALLS, BENCH_BATCH } = process.env;
// @ts-expect-error -- copied beside this file from contenders/<name>/
const { start } = await import('./telemetry.mjs');

const calls = Number(BENCH_CALLS);
const batch = Number(BENCH_BATCH);
const telemetry = await start(BENCH_ENDPOINT, 3_600_000);
const times = new Float64Array(calls);

let started = performance.now();
telemetry.track();
const firstMs = performance.now() - started;
await telemetry.flush();

for (let done = 0; done < calls;) {
  for (let inBatch = 0; inBatch < batch && done < calls; inBatch += 1, done += 1) {
    started = performance.now();
    telemetry.track();
    times[done] = (performance.now() - started) * 1000;
  }
  await telemetry.flush();
}
const coldP99Us = times.slice(0, COLD_CALLS).sort()[Math.ceil(0.99 * COLD_CALLS) - 1];
times.sort();
const at = (/** @type {number} */ share) => times[Math.ceil(share * calls) - 1];
console.log(
  JSON.stringify({
    ...{ firstMs, coldP99Us },
    ...{ p50Us: at(0.5), p99Us: at(0.99), maxMs: (at(1) ?? 0) / 1000 },
  }),
);
process.exit(0);
