import { setFlagsFromString } from 'node:v8';
import type { ResourceLimits } from 'node:worker_threads';

/**
 * How much more room old objects get than they need, in percent; V8 gives up to four times as much.
 */
const SPARE_PERCENT = 15;

/** At how many megabytes of old objects a thread collects for the first time. */
const FIRST_COLLECTION_MB = 4;

/**
 * By default V8 lets the young generation of each thread grow to 48 MB, which saves no time where all
 * counts are in a file.
 */
const YOUNG_MB = 3;

let mayGrow = false;

/**
 * Keeps the heaps of this process near what they need, in every thread: see ADR 0019. The main
 * thread has no `resourceLimits`. The start of a thread undoes the last flag, so call it again then.
 */
export function keepHeapsSmall(): void {
  if (mayGrow) return;
  setFlagsFromString(`--heap-growing-percent=${SPARE_PERCENT}`);
  setFlagsFromString(`--initial-old-space-size=${FIRST_COLLECTION_MB}`);
  // The room for young objects does not grow any more.
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * Lets the heaps of this process grow as V8 does by default, for threads that are started from now on:
 * a batch of rows on their way to a server outlives the young objects of a small heap.
 */
export function letHeapsGrow(): void {
  mayGrow = true;
  setFlagsFromString('--heap-growing-percent=0');
  setFlagsFromString('--initial-old-space-size=0');
  setFlagsFromString('--semi-space-growth-factor=2');
}

/** The limits of a thread that is started now. */
export const heapLimits = (): ResourceLimits =>
  mayGrow ? {} : { maxYoungGenerationSizeMb: YOUNG_MB };
