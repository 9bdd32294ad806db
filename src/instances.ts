import type { Headcount } from './headcount-api.js';

const KEY = Symbol.for('headcount/v1');

/** An instance, and who counts the later set-ups that it answers. */
export interface Instance {
  readonly headcount: Headcount;
  reused(): void;
}

/**
 * The instances of this process by project: shared by the ESM and the CJS copy of this package and
 * by all packages that bring one along, so that a program reports once.
 */
export function instances(): Map<string, Instance> {
  const shared = globalThis as { [KEY]?: Map<string, Instance> };
  return (shared[KEY] ??= new Map());
}
