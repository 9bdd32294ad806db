import { setFlagsFromString } from 'node:v8';

/**
 * How much more room old objects get than they need, in percent; V8 gives up to four times as much.
 */
const SPARE_PERCENT = 15;

/** At how many megabytes of old objects a thread collects for the first time. */
const FIRST_COLLECTION_MB = 4;

/**
 * Keeps the heaps of this process near what they need, in every thread: see ADR 0019. The main
 * thread has no `resourceLimits`. The start of a thread undoes the last flag, so call it again then.
 */
export function keepHeapsSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${SPARE_PERCENT}`);
  setFlagsFromString(`--initial-old-space-size=${FIRST_COLLECTION_MB}`);
  // The room for young objects does not grow any more.
  setFlagsFromString('--semi-space-growth-factor=1');
}
