import type { AwayFolder, FoldersState, IncompleteFolder } from '../erasures/erasure-keeper.js';
import type { JobState } from '../jobs/job.js';
import { DAY_MS } from '../rules/day.js';
import { reasonOf, told, type ToldCause } from './causes.js';
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
  const causes = [
    job === undefined
      ? isOverdue(last, now)
      : whatIsWrong({ ...job, succeededAt }, { now, startedAt }),
    ...away.map(describeAway),
    ...incomplete.flatMap(describeIncomplete),
  ].filter((cause) => cause !== undefined);
  return {
    finding: {
      ...reasonOf(causes),
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

function isOverdue(last: readonly number[], now: Date): ToldCause | undefined {
  const newest = last.at(-1);
  if (newest === undefined) return undefined;
  if (now.getTime() - newest <= OVERDUE_PERIODS * usualGap(last)) return undefined;
  return old(newest);
}

const old = (at: number): ToldCause =>
  told('backup_old', `The last backup is of ${toText(at) ?? ''}.`, { at: toText(at) });

function describeAway({ folder, since, missing, hangs }: AwayFolder): ToldCause {
  const when =
    hangs !== undefined
      ? `out of reach (${hangs})`
      : since === null
        ? 'not there'
        : `away since ${toText(since) ?? ''}`;
  return told(
    'backup_folder_away',
    `The folder of backups ${folder} is ${when}: its backups do not know ` +
      `${missing === 1 ? '1 deletion' : `up to ${missing} deletions`}. Bring it back, or run ` +
      `headcount-collector backup --forget ${folder}.`,
    { folder, since: toText(since), deletions: missing, error: hangs ?? null },
  );
}

function describeIncomplete({ folder, gap, damaged }: IncompleteFolder): readonly ToldCause[] {
  const files = damaged.length === 0 ? '' : ' and these files';
  const todo = ` Make a new backup, then remove the older ones${files}.`;
  const causes: ToldCause[] = [];
  if (gap !== undefined) {
    const [from, to] = [toText(gap.from), toText(gap.to)];
    const text =
      `Backups in ${folder} do not know who was deleted between ${from ?? ''} and ` +
      `${to ?? ''}: the lists of it are lost.${damaged.length === 0 ? todo : ''}`;
    causes.push(told('deletions_unknown', text, { folder, from, to }));
  }
  if (damaged.length > 0) {
    const names = damaged.join(', ');
    const text =
      `The list of deletions in ${folder} was damaged (${names}), so older ` +
      `backups there may need --without-erasures.${todo}`;
    causes.push(told('deletions_damaged', text, { folder, files: names }));
  }
  return causes;
}

function whatIsWrong(
  job: JobState,
  { now, startedAt }: { readonly now: Date; readonly startedAt: Date },
): ToldCause | undefined {
  const { succeededAt, failedAt, everyMs, error } = job;
  if (failedAt !== null) {
    const since =
      succeededAt === null
        ? 'No backup has been made yet.'
        : `The last good one is of ${toText(succeededAt) ?? ''}.`;
    const reason = error?.replace(/^headcount-collector: /, '') ?? 'no reason is known';
    const values = { error: error ?? null, last_at: toText(succeededAt) };
    return told('backup_failed', `The last backup failed: ${reason} ${since}`, values);
  }
  const sinceMs = succeededAt ?? startedAt.getTime();
  if (now.getTime() - sinceMs <= OVERDUE_PERIODS * everyMs) return undefined;
  if (succeededAt === null) {
    const does = job.share === null ? 'has begun' : 'has ended';
    const since = startedAt.toISOString();
    const text = `There is no backup since the start at ${since}: none ${does}.`;
    return told('backup_none', text, { since });
  }
  return old(succeededAt);
}

const toText = (moment: number | null): string | null =>
  moment === null ? null : new Date(moment).toISOString();
