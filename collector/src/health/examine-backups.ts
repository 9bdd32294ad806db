import type { AwayFolder, FoldersState, IncompleteFolder } from '../erasures/erasure-keeper.js';
import type { JobState } from '../jobs/job.js';
import { DAY_MS } from '../rules/day.js';
import type { Finding } from './conditions.js';

/** What is known of regular backups and of those by hand. */
export interface BackupFacts {
  readonly last_success_at: string | null;
  readonly last_failure_at: string | null;
  readonly every_seconds: number | null;
}

/** The name of the job that makes backups. */
const BACKUP = 'backup';

/** A backup is overdue after this many of its periods. */
const OVERDUE_PERIODS = 2;

/** What is known of backups besides their job. */
export interface BackupsKnown extends FoldersState {
  /** The moments of the last backups, by the job and by hand, in milliseconds since 1970. */
  readonly last: readonly number[];
}

/**
 * Examines the backups: how their job goes, if there is one, and those that are made by hand.
 *
 * @param startedAt - When the collector started: a first backup is due from then on.
 */
export function examineBackups(
  states: readonly JobState[],
  { away, incomplete, last }: BackupsKnown,
  { now, startedAt }: { readonly now: Date; readonly startedAt: Date },
): { readonly finding: Finding; readonly facts: BackupFacts } {
  const job = states.find(({ name }) => name === BACKUP);
  const newest = Math.max(job?.succeededAt ?? 0, ...last);
  const succeededAt = newest === 0 ? null : newest;
  const dueMs = OVERDUE_PERIODS * (job?.everyMs ?? usualGap(last));
  const reasons = [
    job === undefined
      ? isOverdue(last, now)
      : whatIsWrong({ ...job, succeededAt }, { now, startedAt }),
    ...away.map(describeAway),
    ...incomplete.map(describeIncomplete),
  ].filter((reason) => reason !== undefined);
  return {
    finding: {
      reason: reasons.length === 0 ? undefined : reasons.join(' '),
      value: succeededAt === null ? null : Math.round((now.getTime() - succeededAt) / 1000),
      threshold: succeededAt === null && job === undefined ? null : dueMs / 1000,
    },
    facts: {
      last_success_at: toText(succeededAt),
      last_failure_at: toText(job?.failedAt ?? null),
      every_seconds: job === undefined ? null : job.everyMs / 1000,
    },
  };
}

/** Backups by hand, as by cron, come about as often as they did, and once a day if that is unknown. */
function usualGap(last: readonly number[]): number {
  return Math.max(DAY_MS, ...last.slice(1).map((at, index) => at - (last[index] ?? at)));
}

function isOverdue(last: readonly number[], now: Date): string | undefined {
  const newest = last.at(-1);
  if (newest === undefined) return undefined;
  if (now.getTime() - newest <= OVERDUE_PERIODS * usualGap(last)) return undefined;
  return `The last backup is of ${toText(newest) ?? ''}.`;
}

function describeAway({ folder, since, missing, hangs }: AwayFolder): string {
  const when =
    hangs !== undefined
      ? `out of reach (${hangs})`
      : since === null
        ? 'not there'
        : `away since ${toText(since) ?? ''}`;
  return (
    `The folder of backups ${folder} is ${when}: its backups do not know ` +
    `${missing === 1 ? '1 deletion' : `up to ${missing} deletions`}. Bring it back, or run ` +
    `headcount-collector backup --forget ${folder}.`
  );
}

function describeIncomplete({ folder, gap, damaged }: IncompleteFolder): string {
  const what = [
    ...(gap === undefined
      ? []
      : [
          `Backups in ${folder} do not know who was deleted between ${toText(gap.from) ?? ''} and ` +
            `${toText(gap.to) ?? ''}: the lists of it are lost.`,
        ]),
    ...(damaged.length === 0
      ? []
      : [
          `The list of deletions in ${folder} was damaged (${damaged.join(', ')}), so older ` +
            'backups there may need --without-erasures.',
        ]),
  ];
  const files = damaged.length === 0 ? '' : ' and these files';
  return `${what.join(' ')} Make a new backup, then remove the older ones${files}.`;
}

function whatIsWrong(
  job: JobState,
  { now, startedAt }: { readonly now: Date; readonly startedAt: Date },
): string | undefined {
  const { succeededAt, failedAt, everyMs, error } = job;
  if (failedAt !== null) {
    const since =
      succeededAt === null
        ? 'No backup has been made yet.'
        : `The last good one is of ${toText(succeededAt) ?? ''}.`;
    const reason = error?.replace(/^headcount-collector: /, '') ?? 'no reason is known';
    return `The last backup failed: ${reason} ${since}`;
  }
  const sinceMs = succeededAt ?? startedAt.getTime();
  if (now.getTime() - sinceMs <= OVERDUE_PERIODS * everyMs) return undefined;
  if (succeededAt === null) {
    const does = job.share === null ? 'has begun' : 'has ended';
    return `There is no backup since the start at ${startedAt.toISOString()}: none ${does}.`;
  }
  return `The last backup is of ${toText(succeededAt) ?? ''}.`;
}

const toText = (moment: number | null): string | null =>
  moment === null ? null : new Date(moment).toISOString();
