import type { Part } from '../../web/page/part.js';
import { RefusedError } from './gather.js';
import { problemOf } from './problem-of.js';

/**
 * Waits for a part of a page.
 *
 * @param made - `undefined` if the caller may not see it.
 * @throws What is no refusal.
 */
export async function tryPart<Value>(made: Promise<Value | undefined>): Promise<Part<Value>> {
  try {
    const value = await made;
    return value === undefined ? { state: 'hidden' } : { state: 'shown', value };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { state: 'failed', problem: problemOf(error.refusal) };
  }
}

/** Makes a part of another: it is absent, or failed, where that one is. */
export const mapPart = <From, To>(
  part: Part<From>,
  make: (value: From) => To | undefined,
): Part<To> => {
  if (part.state !== 'shown') return part;
  const value = make(part.value);
  return value === undefined ? { state: 'hidden' } : { state: 'shown', value };
};

/** What is shown; `undefined` if it is hidden or failed. */
export const shownOf = <Value>(part: Part<Value>): Value | undefined =>
  part.state === 'shown' ? part.value : undefined;
