import { createHeadcount } from './headcount.js';
import type { Headcount } from './headcount-api.js';

let headcount: Headcount | undefined;

/**
 * Reports that the program was started: once is enough, at start-up. Needs no configuration:
 * project, version and endpoint come from the app's package.json. Never throws, never prints,
 * never delays the program or its exit.
 *
 * @example
 * import { track } from 'headcount';
 * track();
 */
export function track(): void {
  headcount ??= createHeadcount();
  headcount.track();
}
