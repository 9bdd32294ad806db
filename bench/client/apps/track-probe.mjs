// @ts-check
// Times single calls of track(). After each batch everything is flushed, so that no bound of a
// queue is ever reached: a full queue drops, and dropping is faster than keeping. With
// $BENCH_BARE_FILE, each batch of calls follows one of bare open, write, close of the same file.
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';

/** Before the engine has compiled what is called. */
const COLD_CALLS = 1_000;
/** About as long as a report. */
const LINE = `${'x'.repeat(399)}\n`;
const { BENCH_ENDPOINT = '', BENCH_CALLS, BENCH_BATCH, BENCH_BARE_FILE = '' } = process.env;
// @ts-expect-error -- copied beside this file from contenders/<name>/
const { start } = await import('./telemetry.mjs');

const calls = Number(BENCH_CALLS);
const batch = Number(BENCH_BATCH);
const telemetry = await start(BENCH_ENDPOINT, 3_600_000);
const times = new Float64Array(calls);
const bareTimes = new Float64Array(BENCH_BARE_FILE ? calls : 0);

let started = performance.now();
telemetry.track();
const firstMs = performance.now() - started;
await telemetry.flush();

for (let done = 0; done < calls; done += batch) {
  const end = Math.min(calls, done + batch);
  if (BENCH_BARE_FILE) {
    for (let at = done; at < end; at += 1) {
      started = performance.now();
      const descriptor = openSync(BENCH_BARE_FILE, 'a', 0o600);
      writeSync(descriptor, LINE);
      closeSync(descriptor);
      bareTimes[at] = (performance.now() - started) * 1000;
    }
    rmSync(BENCH_BARE_FILE);
  }
  for (let at = done; at < end; at += 1) {
    started = performance.now();
    telemetry.track();
    times[at] = (performance.now() - started) * 1000;
  }
  await telemetry.flush();
}

/** @param {Float64Array} of */
function summarize(of) {
  const coldP99Us = of.slice(0, COLD_CALLS).sort()[Math.ceil(0.99 * COLD_CALLS) - 1];
  of.sort();
  const at = (/** @type {number} */ share) => of[Math.ceil(share * calls) - 1];
  return { coldP99Us, p50Us: at(0.5), p99Us: at(0.99), maxMs: (at(1) ?? 0) / 1000 };
}
const bare = BENCH_BARE_FILE ? { bare: summarize(bareTimes) } : {};
console.log(JSON.stringify({ firstMs, ...summarize(times), ...bare }));
process.exit(0);
