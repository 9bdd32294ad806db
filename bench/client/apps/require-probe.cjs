// @ts-check
// As import-probe.mjs, of a program in CommonJS.
const name = process.env['BENCH_MODULE'] ?? '';
const collect = /** @type {() => void} */ (globalThis.gc);

collect();
const before = process.memoryUsage();
const started = process.hrtime.bigint();
require(name);
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
