import type { Headcount } from '../api.js';

const KEY = Symbol.for('headcount/v1');

/** The instance of a project. */
export interface Instance {
  readonly headcount: Headcount;
  /** Counts a later `createHeadcount()` call that returned this instance. */
  reused(): void;
}

/**
 * The instances of this process, by project. The ESM and CJS copies of this package share them,
 * and so do copies in other packages, so that a program reports once.
 */
export function instances(): Map<string, Instance> {
  const shared = globalThis as { [KEY]?: Map<string, Instance> };
  return (shared[KEY] ??= new Map());
}
