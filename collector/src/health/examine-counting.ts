import type { Counting } from '../counting/counting.js';
import { isFull } from '../sqlite/failure.js';

/** The health of one part. */
export interface ComponentHealth {
  readonly status: 'ok' | 'failing';
  /** What is wrong and since when, for people. */
  readonly reason?: string;
}

/** How long counting may be behind, in milliseconds. */
const MAX_BEHIND_MS = 60_000;

/** Examines whether what was acknowledged is counted. */
export function examineCounting(
  { behindSince, failure, isAlive }: Pick<Counting, 'behindSince' | 'failure' | 'isAlive'>,
  now: Date,
): ComponentHealth {
  if (!isAlive) return { status: 'failing', reason: 'Counting has ended.' };
  if (failure !== null) {
    const hint = isFull(failure.error)
      ? 'the disk is full. Make room: it goes on by itself'
      : 'it fails and is tried again. The log says why';
    const since = failure.since.toISOString();
    return {
      status: 'failing',
      reason: `Acknowledged reports are kept, but have not been counted since ${since}: ${hint}.`,
    };
  }
  if (behindSince === null || now.getTime() - behindSince.getTime() <= MAX_BEHIND_MS) {
    return { status: 'ok' };
  }
  return {
    status: 'failing',
    reason: `Reports wait to be counted since ${behindSince.toISOString()}.`,
  };
}
