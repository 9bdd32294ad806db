import type { ProxyWatch } from '../access/proxy-watch.js';
import type { JobRunner } from '../jobs/job-runner.js';
import type { DroppedLines } from '../logs/output.js';
import { dateOfDay } from '../rules/day.js';
import type { FullPlacesWatch } from '../stats/full-places-watch.js';
import { MAX_FULL_PLACES } from '../stats/quality-route.js';
import type { SilenceWatch } from '../stats/silence-watch.js';
import type { UnusualWatch } from '../stats/unusual-watch.js';
import { type CauseCode, reasonOf, told, toldError } from './causes.js';
import type { Finding } from './conditions.js';
import type { Findings } from './condition-tracker.js';
import { type BackupFacts, type BackupsKnown, examineBackups } from './examine-backups.js';
import { examineLog, type LogFacts } from './examine-log.js';

/** Unusual days that are listed at most. */
export const MAX_UNUSUAL = 20;

/** Projects that are named at most. */
const MAX_NAMED = 3;

export interface WarningParts {
  readonly jobs: Pick<JobRunner, 'states'>;
  readonly proxyWatch: Pick<ProxyWatch, 'seen'>;
  /** The lines of the log that could not be written of late. */
  readonly droppedLines: () => DroppedLines | undefined;
  readonly fullPlaces: Pick<FullPlacesWatch, 'full'>;
  readonly unusual: Pick<UnusualWatch, 'found'>;
  readonly silence: Pick<SilenceWatch, 'missed'>;
}

/** What is told of some conditions beside their state. */
export interface WarningFacts {
  readonly backup: BackupFacts;
  readonly log: LogFacts;
  readonly places: { readonly full: FullPlacesWatch['full'] };
  readonly unusual: {
    readonly days: readonly {
      readonly project: string;
      readonly date: string;
      readonly new_users: number;
    }[];
  };
}

/**
 * Examines what can be in trouble while reports are still taken and counted.
 *
 * @param backups - What is known of backups besides their job, or why nothing is.
 */
export function examineWarnings(
  parts: WarningParts,
  backups: BackupsKnown | Error,
  moments: { readonly now: Date; readonly startedAt: Date },
): { readonly findings: Findings; readonly facts: WarningFacts } {
  const backup = lookAtBackups(parts, backups, moments);
  const log = examineLog(parts.droppedLines());
  const { full } = parts.fullPlaces;
  const { found } = parts.unusual;
  const newest = [...found].reverse().slice(0, MAX_UNUSUAL);
  return {
    findings: {
      backup: backup.finding,
      log: log.finding,
      proxy: examineProxy(parts.proxyWatch),
      silence: examineSilence(parts.silence),
      places: tell(
        'places_full',
        full.length,
        `Over 80 % full: ${full.length}. Rare values become other when the day closes.`,
      ),
      unusual: tell(
        'unusual_days',
        found.length,
        `Days with unusually many new people: ${found.length}. They are counted; see ` +
          'headcount-collector clean if they are made up.',
      ),
    },
    facts: {
      backup: backup.facts,
      log: log.facts,
      places: { full: full.slice(0, MAX_FULL_PLACES) },
      unusual: {
        days: newest.map(({ project, day, n }) => ({
          ...{ project, date: dateOfDay(day), new_users: n },
        })),
      },
    },
  };
}

const tell = (code: CauseCode, value: number, text: string): Finding =>
  value === 0 ? { value } : { value, ...reasonOf([told(code, text, { count: value })]) };

function examineProxy(watch: WarningParts['proxyWatch']): Finding {
  const seen = watch.seen();
  if (seen === undefined) return { value: 0 };
  const { requests, since, causes } = seen;
  const all = causes.map((cause) =>
    told(`proxy_${cause.kind}`, cause.text, {
      ...{ since: cause.since.toISOString(), requests: cause.requests },
    }),
  );
  return { value: requests, since, ...reasonOf(all) };
}

function examineSilence({ missed }: WarningParts['silence']): Finding {
  const value = missed.length;
  if (value === 0) return { value };
  const named = [...new Set(missed.map(({ project }) => project))];
  const more = named.length > MAX_NAMED ? ' and others' : '';
  const moments = missed.flatMap(({ since }) => (since === null ? [] : [Date.parse(since)]));
  const since = moments.length === 0 ? undefined : new Date(Math.min(...moments));
  const reason =
    `Reports, or events or fields in them, do not come as they usually do: ${value}, of ` +
    `${named.slice(0, MAX_NAMED).join(', ')}${more}. /v1/stats/silence tells which.`;
  const values = { count: value, projects: named.slice(0, MAX_NAMED).join(', ') };
  return { value, since, ...reasonOf([told('silence', reason, values)]) };
}

function lookAtBackups(
  { jobs }: WarningParts,
  backups: BackupsKnown | Error,
  moments: Parameters<typeof examineBackups>[2],
): ReturnType<typeof examineBackups> {
  if (!(backups instanceof Error)) return examineBackups(jobs.states(), backups, moments);
  const cause = toldError('backups_unreadable', 'What is known of backups cannot be read', backups);
  return {
    finding: reasonOf([cause]),
    facts: { last_success_at: null, last_failure_at: null, every_seconds: null },
  };
}
