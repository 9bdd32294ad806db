import { Type } from 'typebox';
import type { ProxyWatch } from '../access/proxy-watch.js';
import type { JobRunner } from '../jobs/job-runner.js';
import type { DroppedLines } from '../logs/output.js';
import { dateOfDay } from '../rules/day.js';
import type { FullPlacesWatch } from '../stats/full-places-watch.js';
import { fullPlacesSchema, MAX_FULL_PLACES } from '../stats/quality-route.js';
import type { UnusualWatch } from '../stats/unusual-watch.js';
import { type BackupsKnown, examineBackups, warning } from './examine-backups.js';
import { examineLog } from './examine-log.js';

/** Unusual days that are listed at most. */
const MAX_UNUSUAL = 20;

const warned = {
  status: Type.Union([Type.Literal('ok'), Type.Literal('warning')]),
  reason: Type.Optional(Type.String()),
};

const unusualDaySchema = Type.Object(
  {
    project: Type.String(),
    date: Type.String({ format: 'date' }),
    new_users: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
);

/** What of the counts needs a look, in the answer to `GET /health`. */
export const countsHealth = {
  places: Type.Optional(
    Type.Object(
      { ...warned, full: Type.Array(fullPlacesSchema, { maxItems: MAX_FULL_PLACES }) },
      {
        additionalProperties: false,
        description: 'What is over 80 % full, looked at once a minute; like components',
      },
    ),
  ),
  unusual: Type.Optional(
    Type.Object(
      { ...warned, days: Type.Array(unusualDaySchema, { maxItems: MAX_UNUSUAL }) },
      {
        additionalProperties: false,
        description:
          'Days of the last 30 with unusually many new people, the newest first; like components',
      },
    ),
  ),
};

export interface WarningParts {
  readonly jobs: Pick<JobRunner, 'states'>;
  readonly proxyWatch: Pick<ProxyWatch, 'reason'>;
  /** What restores have lost in the last days, for people; `undefined` if nothing. */
  readonly losses: string | undefined;
  /** What is known of backups besides their job. */
  readonly backups: () => BackupsKnown;
  /** The lines of the log that could not be written of late. */
  readonly droppedLines: () => DroppedLines | undefined;
  readonly fullPlaces: Pick<FullPlacesWatch, 'full'>;
  readonly unusual: Pick<UnusualWatch, 'found'>;
  readonly now: () => Date;
}

/** Everything that can be in trouble while reports are still taken and counted, by its name. */
export function examineWarnings({ jobs, proxyWatch, losses, ...parts }: WarningParts) {
  return {
    backup: examineBackups(jobs.states(), parts.backups(), parts.now()),
    proxy: warning(proxyWatch.reason()),
    restore: warning(losses),
    log: examineLog(parts.droppedLines()),
    places: examinePlaces(parts.fullPlaces),
    unusual: examineUnusual(parts.unusual),
  };
}

function examinePlaces({ full }: WarningParts['fullPlaces']) {
  const reason = `Over 80 % full: ${full.length}. Rare values become other when the day closes.`;
  return {
    ...warning(full.length === 0 ? undefined : reason),
    full: full.slice(0, MAX_FULL_PLACES),
  };
}

function examineUnusual({ found }: WarningParts['unusual']) {
  const reason =
    `Days with unusually many new people: ${found.length}. They are counted; see ` +
    'headcount-collector clean if they are made up.';
  const newest = [...found].reverse().slice(0, MAX_UNUSUAL);
  return {
    ...warning(found.length === 0 ? undefined : reason),
    days: newest.map(({ project, day, n }) => ({ project, date: dateOfDay(day), new_users: n })),
  };
}
