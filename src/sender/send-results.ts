import { NOTHING_SENT, type SendResult } from '../delivery/protocol.js';
import { addDropped } from '../drop-reasons.js';
import type { Draft } from '../report/draft.js';

/** The result of sending the reports of an outbox to one endpoint. */
export interface SegmentsResult extends SendResult {
  readonly retryAfterMs?: number;
  /** An error of the storage: it says nothing of the collector. */
  readonly failure?: string;
  /** The names of the segments that were looked at and stay in the outbox. */
  readonly left: ReadonlySet<string>;
  /** Segments among them that have reports for other endpoints: these reports. */
  readonly foreign: ReadonlyMap<string, readonly Draft[]>;
}

/** The result of an attempt that looked at no segment. */
export const NOTHING_LEFT: SegmentsResult = {
  ...NOTHING_SENT,
  left: new Set(),
  foreign: new Map(),
};

/** The sum of two results; the later one says when to try again. */
export function addResults(first: SendResult, later: SendResult): SendResult {
  const { error, nextAttemptMs, idSource = first.idSource } = later;
  const isRetired = first.isRetired ?? later.isRetired;
  return {
    sent: first.sent + later.sent,
    queued: first.queued + later.queued,
    dropped: addDropped(first.dropped, later.dropped),
    ...(error !== undefined && { error }),
    ...(nextAttemptMs !== undefined && { nextAttemptMs }),
    ...(idSource !== undefined && { idSource }),
    ...(isRetired && { isRetired }),
  };
}
