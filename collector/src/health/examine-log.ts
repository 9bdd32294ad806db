import type { DroppedLines } from '../logs/output.js';
import { type Warned, warning } from './examine-backups.js';

/** The health of the log. */
export interface LogHealth extends Warned {
  readonly dropped_lines: number;
  readonly dropped_since: string | null;
}

/** What an error of the log means and what to do, by its code. */
const CAUSES: Readonly<Record<string, string>> = {
  EAGAIN: 'what reads the log has stopped reading. Start or restart it',
  EPIPE: 'what read the log has ended. Restart the collector with a log that is read',
  ENOSPC: 'its disk is full. Make room: it goes on by itself',
  EDQUOT: 'its disk quota is used up. Make room: it goes on by itself',
};

/** Examines whether the log is written. */
export function examineLog(dropped: DroppedLines | undefined): LogHealth {
  if (dropped === undefined) return { status: 'ok', dropped_lines: 0, dropped_since: null };
  const { lines, code } = dropped;
  const since = dropped.since.toISOString();
  const cause = CAUSES[code] ?? `writing fails with ${code}`;
  return {
    ...warning(`${lines} lines of the log could not be written since ${since}: ${cause}.`),
    dropped_lines: lines,
    dropped_since: since,
  };
}
