// @ts-check
// Preloaded with --import: times every synchronous section that runs on the main thread because
// somebody scheduled it there. The trace points are the callbacks of timers and immediates, the
// events of worker threads and child processes, and the listeners of 'exit'; each from its start
// until the microtasks it left are done. In an app that does nothing itself, all of them are the
// telemetry's. No builtin is loaded for it that the app would have to load itself: that is part of
// what a section costs. Wrapping a callback costs below a microsecond; async_hooks would slow every promise.
import { EventEmitter } from 'node:events';

/** How often a promise may lead to another and still count as part of the section. */
const MICROTASK_DEPTH = 24;

/** @type {{ name: string, ms: number }[]} */
export const sections = [];
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
        settle();
      }
    }
  );
}

for (const name of /** @type {const} */ (['setTimeout', 'setInterval', 'setImmediate'])) {
  const original = /** @type {any} */ (globalThis[name]);
  /** @type {any} */ (globalThis)[name] = Object.assign(
    (/** @type {() => void} */ callback, /** @type {unknown[]} */ ...rest) =>
      original(timed(name, callback), ...rest),
    original,
  );
}

const TRACED = new Set(['Worker', 'ChildProcess']);
const emit = EventEmitter.prototype.emit;
EventEmitter.prototype.emit = function (event, ...args) {
  const call = () => emit.call(this, event, ...args);
  const kind = this.constructor.name;
  if (TRACED.has(kind)) return timed(`${kind} '${String(event)}'`, call)();
  // The cast: Node's own process is an EventEmitter, which its type does not say.
  if (event !== 'exit' || /** @type {unknown} */ (this) !== process) return call();
  const result = timed('exit', call)();
  console.log(JSON.stringify({ sections }));
  return result;
};
