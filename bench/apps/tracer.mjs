// @ts-check
// Preloaded with --import: times every synchronous section that runs on the main thread because
// somebody scheduled it there. The trace points are the callbacks of timers and immediates, the
// events of worker threads and child processes, and the listeners of 'exit'; each from its start
// until the microtasks it left are done. In an app that does nothing itself, all of them are the
// telemetry's. Wrapping a callback costs below a microsecond; async_hooks would slow every promise.
import { ChildProcess } from 'node:child_process';
import { Worker } from 'node:worker_threads';

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

for (const [name, prototype] of /** @type {const} */ ([
  ['worker', Worker.prototype],
  ['child', ChildProcess.prototype],
])) {
  const emit = prototype.emit;
  prototype.emit = /** @this {any} @param {string} event @param {any[]} args */ function (
    event,
    ...args
  ) {
    return timed(`${name} ${event}`, () => emit.call(this, event, ...args))();
  };
}

const emit = process.emit;
/** @type {any} */ (process).emit = (/** @type {string} */ event, /** @type {any[]} */ ...args) => {
  if (event !== 'exit') return /** @type {any} */ (emit).call(process, event, ...args);
  const result = timed('exit', () => /** @type {any} */ (emit).call(process, event, ...args))();
  console.log(JSON.stringify({ sections }));
  return result;
};
