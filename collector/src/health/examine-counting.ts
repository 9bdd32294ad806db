import type { Counting } from '../counting/counting.js';
import type { KeptErasure } from '../erasures/kept-erasure.js';
import { isFull } from '../sqlite/failure.js';
import { isOldPrimary } from '../store-down-error.js';
import { reasonOf, told } from './causes.js';
import { CONDITIONS, type Finding } from './conditions.js';

type Examined = Pick<Counting, 'behindSince' | 'failure' | 'isAlive'>;

/** For how long reports have waited to be counted, in seconds. */
const waitOf = ({ behindSince }: Examined, now: Date): number =>
  behindSince === null ? 0 : Math.max(0, (now.getTime() - behindSince.getTime()) / 1000);

/** Examines whether what was acknowledged is counted. */
export function examineCounting(counting: Examined, now: Date): Finding {
  const { behindSince, failure, isAlive } = counting;
  const value = Math.round(waitOf(counting, now));
  if (!isAlive) return { value, ...reasonOf([told('counting_ended', 'Counting has ended.')]) };
  if (failure !== null) {
    const isFullDisk = isFull(failure.error);
    const what = isFullDisk
      ? 'the disk is full. Make room: it goes on by itself'
      : isOldPrimary(failure.error)
        ? 'an old primary of the store has come back. End it; the log says which'
        : 'it fails and is tried again. The log says why';
    const since = failure.since.toISOString();
    const reason = `Acknowledged reports are kept, but have not been counted since ${since}: ${what}.`;
    const code = isFullDisk ? 'counting_disk_full' : 'counting_fails';
    return { value, since: failure.since, ...reasonOf([told(code, reason, { since })]) };
  }
  if (behindSince === null || value <= CONDITIONS.counting.threshold) return { value };
  const since = behindSince.toISOString();
  const text = `Reports wait to be counted since ${since}.`;
  return { value, ...reasonOf([told('counting_waits', text, { since })]) };
}

/** Examines how long the oldest entry of the journal has waited. */
export function examineJournalAge(counting: Examined, now: Date): Finding {
  const value = Math.round(waitOf(counting, now));
  if (value <= CONDITIONS.journal_age.threshold) return { value };
  const text = `The oldest report in the journal has waited for ${value} seconds.`;
  return { value, ...reasonOf([told('report_waits', text, { seconds: value })]) };
}

/**
 * A deletion is dated before it is on disk, and waits from then on. In milliseconds: longer than the
 * disk takes.
 */
const COMMIT_MS = 10_000;

/**
 * Examines whether deletions of users are done within a day. They wait in the journal with the
 * reports.
 */
export function examineErasure(
  counting: Examined,
  erasures: () => readonly Pick<KeptErasure, 'deletedAt'>[],
  now: Date,
): Finding {
  const { threshold } = CONDITIONS.erasure;
  // The files are read only where something can be overdue.
  if (counting.behindSince === null || waitOf(counting, now) <= threshold) return { value: 0 };
  const since = counting.behindSince.getTime() - COMMIT_MS;
  const waiting = erasures().filter(({ deletedAt }) => deletedAt >= since);
  const oldest = Math.min(...waiting.map(({ deletedAt }) => deletedAt));
  const value = waiting.length === 0 ? 0 : Math.round((now.getTime() - oldest) / 1000);
  if (value <= threshold) return { value };
  const oldestAt = new Date(oldest).toISOString();
  const reason =
    `Deletions of users have not been done since ${oldestAt}: ` +
    `${waiting.length}. They are kept, and done as soon as counting goes on.`;
  const values = { since: oldestAt, deletions: waiting.length };
  return { value, ...reasonOf([told('deletions_wait', reason, values)]) };
}
