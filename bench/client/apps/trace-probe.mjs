// @ts-check
// Run with --import ./tracer.mjs. `living`: waits for the worker's delivery; `ending`: ends at once.
const { BENCH_ENDPOINT = '', BENCH_FLUSH_AFTER_MS, BENCH_LIFE_MS } = process.env;
const { sections, untracedTimeout } = await import('./tracer.mjs');

/** @param {string} name @param {() => any} call */
function trace(name, call) {
  const started = performance.now();
  const result = call();
  sections.push({ name, ms: performance.now() - started });
  return result;
}

// @ts-expect-error -- copied beside this file from contenders/<name>/
const { start } = await import('./telemetry.mjs');
const telemetry = trace('create', () => start(BENCH_ENDPOINT, Number(BENCH_FLUSH_AFTER_MS)));
trace('first track()', () => telemetry.track());
trace('second track()', () => telemetry.track());
if (BENCH_LIFE_MS) untracedTimeout(() => undefined, Number(BENCH_LIFE_MS));
