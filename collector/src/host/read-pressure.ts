import type { ReadText } from './kernel-files.js';

/** How much of the last minute some task had to wait for a resource, in percent. */
export interface Pressure {
  readonly cpu?: number;
  readonly memory?: number;
  readonly io?: number;
}

const RESOURCES = ['cpu', 'memory', 'io'] as const;

/** Reads `/proc/pressure`; what the kernel does not tell is missing. */
export function readPressure(read: ReadText): Pressure {
  const known = RESOURCES.flatMap((resource) => {
    const text = read(`/proc/pressure/${resource}`) ?? '';
    const percent = /^some .*\bavg60=(\d+(?:\.\d+)?)/m.exec(text)?.[1];
    return percent === undefined ? [] : [[resource, Number(percent)] as const];
  });
  return Object.fromEntries(known);
}
