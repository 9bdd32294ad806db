import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 keep the heaps of this process small: new objects get no more room than at first, and old
 * ones a fifth more than they need until they are looked through. V8 takes the first back whenever
 * a thread starts, so this is called again then.
 */
export function limitHeaps(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=20');
}
