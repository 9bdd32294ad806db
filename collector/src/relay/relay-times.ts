import type { Pauses } from '../pause-after.js';
import { DAY_MS } from '../rules/day.js';

/** How long a relay waits, in milliseconds. */
export interface RelayTimes extends Pauses {
  /** For a whole answer of the collector. */
  readonly answerMs: number;
  /** For how long reports are left alone that may be why a batch failed. Each time four times as long. */
  readonly suspicionMs: number;
  readonly longestSuspicionMs: number;
  /** How long closing waits for an answer. */
  readonly closeMs: number;
}

/** See {@link RelayTimes}. */
export const RELAY_TIMES: RelayTimes = {
  answerMs: 30_000,
  firstRetryMs: 1000,
  longestRetryMs: 60_000,
  longestAskedMs: DAY_MS,
  suspicionMs: 1000,
  longestSuspicionMs: 15 * 60_000,
  closeMs: 2000,
};
