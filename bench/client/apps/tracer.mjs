// @ts-check
// Preloaded with --import: times every synchronous section that runs on the main thread because
// somebody scheduled it there. The trace points are the callbacks of timers and immediates, the
// events of worker threads and child processes, and the listeners of 'exit'; each from its start
// until the microtasks it left are done. In an app that does nothing itself, all of them are the
// telemetry's. No builtin is loaded here that the app would have to load itself: that is part of
// what a section costs. Wrapping a callback costs below a microsecond; async_hooks would slow every
// promise.
import { EventEmitter } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';

/** How often a promise may lead to another and still count as part of the section. */
const MICROTASK_DEPTH = 24;

/** @type {{ name: string, ms: number }[]} */
export const sections = [];
let isInside = false;
const now = () => performance.now();
const microtask = globalThis.queueMicrotask;

/**
 * @template {(...args: any[]) => any} F
 * @param {string} name
 * @param {F} callback
 * @returns {F}
 */
function timed(name, callback) {
  // The cast: the same signature, which TypeScript cannot see through `apply`.
  return /** @type {F} */ (
    /** @this {unknown} @param {unknown[]} args */
    function (...args) {
      if (isInside) return callback.apply(this, args); // a part of the section around it
      isInside = true;
      const section = { name, ms: 0 };
      sections.push(section);
      const started = now();
      let depth = 0;
      const settle = () => {
        section.ms = now() - started;
        if (depth++ < MICROTASK_DEPTH) microtask(settle);
      };
      try {
        return callback.apply(this, args);
      } finally {
        isInside = false;
        settle();
      }
    }
  );
}

/** What the probe schedules for itself. */
export const untracedTimeout = timers.setTimeout;
for (const name of /** @type {const} */ (['setTimeout', 'setInterval', 'setImmediate'])) {
  const original = /** @type {any} */ (timers[name]);
  const traced = Object.assign(
    (/** @type {() => void} */ callback, /** @type {unknown[]} */ ...rest) =>
      original(timed(name, callback), ...rest),
    original,
  );
  Object.assign(timers, { [name]: traced });
  Object.assign(globalThis, { [name]: traced });
}
syncBuiltinESMExports(); // for `import { setTimeout } from 'node:timers'`

const TRACED = new Set(['Worker', 'ChildProcess']);
const emit = EventEmitter.prototype.emit;
EventEmitter.prototype.emit = /** @this {any} @param {any} event @param {any[]} args */ function (
  event,
  ...args
) {
  const call = () => emit.call(this, event, ...args);
  const kind = this.constructor.name;
  if (TRACED.has(kind)) return timed(`${kind} '${String(event)}'`, call)();
  if (event !== 'exit' || this !== process) return call();
  const result = timed('exit', call)();
  console.log(JSON.stringify({ sections }));
  return result;
};
