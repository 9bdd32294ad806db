import { readMoment } from '../intake/to-journal-entry.js';
import { explainGap } from '../rules/clock-gap.js';
import { resolveInstant } from '../rules/instant.js';
import type { KeptReport, RelayEntry } from './relay-entry.js';

/** How a report is passed on, so that it counts as if its client had sent it to the collector. */
export interface Passage {
  readonly report: KeptReport;
  /** The `sent_at` of its batch: none, {@link SENT_NOW}, or a moment. */
  readonly sentAt: string | undefined;
}

/** In the place of a moment: that at which the batch is sent. */
export const SENT_NOW = 'now';

/**
 * Makes a passage of an entry. A collector compares `sent_at` with the moment of receipt, which is
 * later here by the time that the relay has kept the report. Most clocks are right: their reports say
 * their moment by the relay's clock, and go together in batches that are sent now. Where the clock is
 * wrong, or the batch was late already, that is for the collector to tell, and to count: it sees the
 * same gap as the relay did.
 *
 * @param now - In milliseconds since 1970, by the relay's clock.
 */
export function toPassage(entry: RelayEntry, now: number): Passage {
  const { receivedAt, newestAt, report } = entry;
  const at = readMoment(report.timestamp);
  const sentAt = readMoment(entry.sentAt);
  const times = { receivedAt, at, sentAt, newestAt };
  const { at: moment, cause } = resolveInstant(times);
  if (at !== null && sentAt === null && moment === at) return { report, sentAt: undefined };
  if (at !== null && sentAt !== null && cause !== 'none') {
    const isPossible = moment === (cause === 'delivery' ? at : at + (receivedAt - sentAt));
    // What proves a late delivery is another report of the batch, which may go another way.
    const isProved = cause === 'delivery' && explainGap(times).isSure;
    const shifted = toIso(sentAt + (now - receivedAt));
    if (isPossible && !isProved && shifted !== undefined) return { report, sentAt: shifted };
  }
  return { report: { ...report, timestamp: new Date(moment).toISOString() }, sentAt: SENT_NOW };
}

/** `undefined` for years that a collector does not read. */
function toIso(ms: number): string | undefined {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return undefined;
  const text = date.toISOString();
  return text.length === 'YYYY-MM-DDTHH:MM:SS.sssZ'.length ? text : undefined;
}
