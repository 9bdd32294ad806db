import type { Finding } from '../health/conditions.js';
import { DAY_MS } from '../rules/day.js';
import type { ForwarderFigures } from './forwarder.js';
import { RELAY_CONDITIONS } from './relay-conditions.js';

export interface RelayFigures extends ForwarderFigures {
  readonly waiting: number;
  /** When the oldest report that waits was received, in milliseconds since 1970; `null` if none does. */
  readonly oldestAt: number | null;
  readonly journalBytes: number;
  readonly maxJournalBytes: number;
}

/** Examines what waits, and how the collector takes it. */
export function examineForwarding(
  { trouble, oldestAt, journalBytes, maxJournalBytes, refused }: RelayFigures,
  now: Date,
): Readonly<Record<'upstream' | 'backlog' | 'journal_room' | 'refused', Finding>> {
  const { upstream, backlog, journal_room } = RELAY_CONDITIONS;
  const secondsSince = (at: number | undefined | null): number =>
    at === undefined || at === null ? 0 : Math.max(0, Math.round((now.getTime() - at) / 1000));
  const away = secondsSince(trouble?.since);
  const age = secondsSince(oldestAt);
  const percent = Math.round((journalBytes / maxJournalBytes) * 1000) / 10;
  const dropped = refused.reduce((sum, { value }) => sum + value, 0);
  return {
    upstream: {
      value: away,
      ...(trouble !== undefined &&
        (away >= upstream.threshold || trouble.isCertain === true) && {
          reason: `The collector takes no reports: ${trouble.reason}.`,
          since: new Date(trouble.since),
        }),
    },
    backlog: {
      value: age,
      ...(age >= backlog.threshold && {
        reason: `Reports have waited for ${Math.floor((age * 1000) / DAY_MS)} days.`,
      }),
    },
    journal_room: {
      value: percent,
      ...(percent >= journal_room.threshold && {
        reason: `${Math.round(percent)} % of the journal is used.`,
      }),
    },
    refused: {
      value: dropped,
      ...(dropped > 0 && {
        reason: `The collector has refused ${dropped} reports since the start.`,
      }),
    },
  };
}
