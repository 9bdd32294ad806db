import type { ReplicaState } from '../counting/kept-entries.js';
import { reasonOf, told, toldError } from './causes.js';
import { CONDITIONS, type Finding } from './conditions.js';

/** Examines whether the replica answers that questions go to, and has what is counted. */
export function examineReplica({ failure, behindSince }: ReplicaState, now: Date): Finding {
  const sinceMs = Math.min(...[failure?.since, behindSince].map((at) => at?.getTime() ?? Infinity));
  if (sinceMs === Infinity) return { value: 0 };
  const value = Math.max(0, Math.round((now.getTime() - sinceMs) / 1000));
  // One that restarts is back a moment later.
  if (value <= CONDITIONS.replica.threshold) return { value };
  const since = new Date(sinceMs);
  const moment = since.toISOString();
  const cause = failure
    ? toldError('replica_fails', `The replica has not answered since ${moment}`, failure.error)
    : told('replica_behind', `The replica lacks what was counted since ${moment}.`, {
        since: moment,
      });
  return { value, since, ...reasonOf([cause]) };
}
