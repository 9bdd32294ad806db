import { setFlagsFromString } from 'node:v8';

/**
 * How much more room old objects get than they need, in percent; V8 gives up to four times as much.
 */
const SPARE_PERCENT = 15;

/**
 * Keeps the heaps of this process near what they need, in every thread: see ADR 0019. The main
 * thread has no `resourceLimits`. The start of a thread undoes the second one, so call it again then.
 */
export function keepHeapsSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${SPARE_PERCENT}`);
  // The room for young objects does not grow any more.
  setFlagsFromString('--semi-space-growth-factor=1');
}
