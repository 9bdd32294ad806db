import { errorCodeOf } from '../error-code.js';

/** Everything that a condition's reason can say, by codes that programs can word themselves. */
export const CAUSE_CODES = [
  ...['does_not_work', 'does_not_answer', 'cannot_be_examined'],
  ...['counting_ended', 'counting_disk_full', 'counting_fails', 'counting_waits'],
  ...['report_waits', 'deletions_wait', 'clock_ahead'],
  ...['processors_busy', 'memory_used', 'memory_free', 'disk_used', 'disk_fills'],
  ...['proxy_unnamed', 'proxy_unreadable'],
  ...['certificate_expired', 'certificate_expires', 'certificate_refused'],
  ...['cache_fails', 'replica_fails', 'replica_behind', 'collector_gone'],
  ...['backup_failed', 'backup_none', 'backup_old', 'backups_unreadable'],
  ...['backup_folder_away', 'deletions_unknown', 'deletions_damaged'],
  ...['restore_lost', 'restore_lost_unknown', 'silence', 'places_full', 'unusual_days'],
  ...['log_not_read', 'log_ended', 'log_disk_full', 'log_quota_full', 'log_fails'],
  ...['message_refused', 'message_waits', 'more_receivers', 'errors_unusual'],
] as const;

/** One of {@link CAUSE_CODES}. */
export type CauseCode = (typeof CAUSE_CODES)[number];

/**
 * Something that a condition's reason says. Moments are in ISO 8601, shares in percent; what another
 * program has said is `error`, as it said it.
 */
export interface Cause {
  readonly code: CauseCode;
  readonly values: Readonly<Record<string, string | number | null>>;
}

/** A cause and its sentence in English. */
export interface ToldCause extends Cause {
  readonly text: string;
}

/** Words a cause. */
export const told = (code: CauseCode, text: string, values: Cause['values'] = {}): ToldCause => ({
  ...{ code, text, values },
});

/** What is wrong as a whole: nothing without causes. */
export function reasonOf(causes: readonly ToldCause[]): {
  readonly reason: string | undefined;
  readonly causes: readonly Cause[];
} {
  return {
    reason: causes.length === 0 ? undefined : causes.map(({ text }) => text).join(' '),
    causes: causes.map(({ code, values }) => ({ code, values })),
  };
}

/** Words a cause that is an error, of which no more than its code is told. */
export function toldError(code: CauseCode, text: string, error: unknown): ToldCause {
  const errorCode = errorCodeOf(error);
  const suffix = errorCode === undefined ? '' : ` (${errorCode})`;
  return told(code, `${text}${suffix}.`, { error: errorCode ?? null });
}
