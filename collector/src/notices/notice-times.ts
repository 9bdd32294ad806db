import type { Pauses } from '../pause-after.js';

/** How long the collector waits for receivers, in milliseconds. */
export interface NoticeTimes extends Pauses {
  /** For the answer of a webhook. */
  readonly webhookMs: number;
  /** For the end of a command. */
  readonly commandMs: number;
  /** From an event to its message, for events that follow on each other. */
  readonly gatherMs: number;
  /** From a message to the next one, at least. */
  readonly restMs: number;
  /** How long after the start a condition may be unknown that was told before it. */
  readonly settleMs: number;
  /** How long closing waits for an answer. */
  readonly closeMs: number;
}

/** See {@link NoticeTimes}. */
export const NOTICE_TIMES: NoticeTimes = {
  webhookMs: 10_000,
  commandMs: 60_000,
  gatherMs: 1000,
  restMs: 10_000,
  firstRetryMs: 5000,
  longestRetryMs: 15 * 60_000,
  longestAskedMs: 60 * 60_000,
  settleMs: 120_000,
  closeMs: 2000,
};
