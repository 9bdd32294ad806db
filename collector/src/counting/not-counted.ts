import { type ErrorCode, ProblemError } from '../errors.js';
import { isFull } from '../sqlite/failure.js';
import type { Counting } from './counting.js';

/** The problem of a request that needs the counts of all earlier reports, and did not get them. */
export function notCounted(
  { failure, isAlive }: Pick<Counting, 'failure' | 'isAlive'>,
  request: 'read' | 'write',
): ProblemError {
  const isDiskFull = failure !== null && isFull(failure.error);
  if (isDiskFull && request === 'write') {
    return new ProblemError(
      'disk_full',
      'Nothing of this request was kept, since reports that came before cannot be counted. Send it again later.',
    );
  }
  const code: ErrorCode = isAlive && failure === null ? 'busy' : 'failing';
  const cause = isDiskFull ? ', since the disk is full' : '';
  return new ProblemError(
    code,
    `Reports that came before are not counted yet${cause}. Send the request again later.`,
  );
}
