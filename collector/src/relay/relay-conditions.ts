import { DAY_MS } from '../rules/day.js';
import { MAX_LATENESS_MS } from '../rules/clock-gap.js';
import type { ForwarderFigures } from './forwarder.js';

/** Something that is wrong with a relay and does not keep it from taking reports. */
export interface RelayWarning {
  readonly state: 'ok' | 'warning';
  readonly reason: string | null;
  readonly hint: string;
}

export interface RelayFigures extends ForwarderFigures {
  readonly waiting: number;
  /** When the oldest report that waits was received, in milliseconds since 1970; `null` if none does. */
  readonly oldestAt: number | null;
  readonly journalBytes: number;
  readonly maxJournalBytes: number;
}

/** How long the collector may be away before it is worth a word, in milliseconds. */
const AWAY_MS = 60_000;

/** Reports that are older than 30 days at the collector count on the day of their arrival. */
const OLD_MS = MAX_LATENESS_MS - 5 * DAY_MS;

/** The share of the journal from which on it is soon full. */
const FULL_SHARE = 0.8;

/** What is wrong, by name. Each has its paragraph in docs/collector/relay.md. */
export function findWarnings(
  figures: RelayFigures,
  now: number,
): Readonly<Record<'upstream' | 'backlog' | 'journal_room' | 'refused', RelayWarning>> {
  const { trouble, oldestAt, journalBytes, maxJournalBytes, refused } = figures;
  const isAway = trouble !== undefined && now - trouble.since >= AWAY_MS;
  const age = oldestAt === null ? 0 : now - oldestAt;
  const share = journalBytes / maxJournalBytes;
  const dropped = refused.reduce((sum, { value }) => sum + value, 0);
  return {
    upstream: warn(
      isAway && `The collector takes no reports: ${trouble.reason}.`,
      'Look whether the collector runs, and whether this machine reaches the URL of --to.',
    ),
    backlog: warn(
      age >= OLD_MS && `Reports have waited for ${Math.floor(age / DAY_MS)} days.`,
      'Bring the way to the collector back: after 30 days, reports no longer count on their own days.',
    ),
    journal_room: warn(
      share >= FULL_SHARE && `${Math.round(share * 100)} % of the journal is used.`,
      'Bring the way to the collector back, or raise --journal-bytes-limit: a full journal takes no reports.',
    ),
    refused: warn(
      dropped > 0 && `The collector has refused ${dropped} reports since the start.`,
      'See refused by code, and docs/protocol.md: a write key may be missing, or a project closed.',
    ),
  };
}

const warn = (reason: string | false, hint: string): RelayWarning => ({
  state: reason === false ? 'ok' : 'warning',
  reason: reason === false ? null : reason,
  hint,
});
