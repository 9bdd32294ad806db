import process from 'node:process';
import type { Headcount } from '../../api.js';
import type { ResolvedOptions } from '../../options.js';

const KEY = Symbol.for('headcount/v1');

/** The instance of a project. Copies of other versions of this package call it too. */
export interface Instance {
  readonly headcount: Headcount;
  /** Takes the options of a later `createHeadcount()` call, which gets this instance. */
  join(options: ResolvedOptions): void;
}

type Instances = Map<string, Instance>;
/** Used if no object of the process takes a property: this copy of the package is then alone. */
const own: Instances = new Map();

/**
 * The instances of this process, by project. The ESM and CJS copies of this package share them,
 * and so do copies in other packages, so that a program reports once. If the app has frozen
 * `globalThis`, `process` holds them.
 */
export function instances(): Instances {
  const places = [globalThis, process] as { [KEY]?: Instances }[];
  const found = places.find((place) => Object.hasOwn(place, KEY))?.[KEY];
  if (found) return found;
  const put = { __proto__: null, value: own, configurable: true, writable: true };
  places.some((place) => Reflect.defineProperty(place, KEY, put));
  return own;
}
