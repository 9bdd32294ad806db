// @ts-check
// What it costs to import $BENCH_MODULE: time, and memory after a full collection.
const name = process.env['BENCH_MODULE'] ?? '';
const collect = /** @type {() => void} */ (globalThis.gc);

collect();
const before = process.memoryUsage();
const started = process.hrtime.bigint();
await import(name);
const importMs = Number(process.hrtime.bigint() - started) / 1e6;
collect();
const after = process.memoryUsage();
console.log(
  JSON.stringify({
    importMs,
    heapKb: (after.heapUsed - before.heapUsed) / 1024,
    rssKb: (after.rss - before.rss) / 1024,
  }),
);
