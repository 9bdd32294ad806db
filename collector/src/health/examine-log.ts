import type { DroppedLines } from '../logs/output.js';
import { type CauseCode, reasonOf, told } from './causes.js';
import type { Finding } from './conditions.js';

/** What of the log could not be written of late. */
export interface LogFacts {
  readonly dropped_lines: number;
  readonly dropped_since: string | null;
}

/** What an error of the log means and what to do, by its code. */
const CAUSES: Readonly<Record<string, readonly [CauseCode, string]>> = {
  EAGAIN: ['log_not_read', 'what reads the log has stopped reading. Start or restart it'],
  EPIPE: [
    'log_ended',
    'what read the log has ended. Restart the collector with a log that is read',
  ],
  ENOSPC: ['log_disk_full', 'its disk is full. Make room: it goes on by itself'],
  EDQUOT: ['log_quota_full', 'its disk quota is used up. Make room: it goes on by itself'],
};

/** Examines whether the log is written. */
export function examineLog(dropped: DroppedLines | undefined): {
  readonly finding: Finding;
  readonly facts: LogFacts;
} {
  if (dropped === undefined) {
    return { finding: { value: 0 }, facts: { dropped_lines: 0, dropped_since: null } };
  }
  const { lines, code } = dropped;
  const since = dropped.since.toISOString();
  const [cause, why] = CAUSES[code] ?? ['log_fails', `writing fails with ${code}`];
  const reason = `${lines} lines of the log could not be written since ${since}: ${why}.`;
  return {
    finding: {
      ...reasonOf([told(cause, reason, { lines, since, error: code })]),
      ...{ value: lines, since: dropped.since },
    },
    facts: { dropped_lines: lines, dropped_since: since },
  };
}
