/** The figures and names of a cause as its sentence shows them; empty where there is none. */
export type CauseFigures = Readonly<Record<FigureName, string>>;

type FigureName =
  | ('since' | 'at' | 'last_at' | 'from' | 'to' | 'seconds' | 'hours' | 'days' | 'limit_ms')
  | ('percent' | 'bytes' | 'lines' | 'errors' | 'usual' | 'threshold' | 'count' | 'others')
  | ('deletions' | 'requests' | 'entries' | 'folder' | 'files' | 'receiver' | 'projects')
  | ('host' | 'reports');

/** The sentences of codes. */
export type CauseWords = Readonly<Record<string, (figures: CauseFigures) => string>>;

/** What is wrong with a part of the collector, by the codes of `GET /health`. */
export const causes: CauseWords = {
  does_not_work: () => 'It does not work.',
  does_not_answer: (v) => `It has not answered within ${v.limit_ms}.`,
  cannot_be_examined: () => 'It cannot be examined.',
  counting_ended: () => 'It has ended.',
  counting_disk_full: (v) =>
    `Reports are kept, but not counted since ${v.since}: the disk is full.`,
  counting_fails: (v) => `Reports are kept, but not counted since ${v.since}. It is tried again.`,
  counting_waits: (v) => `Reports wait to be counted since ${v.since}.`,
  report_waits: (v) => `The oldest report has waited for ${v.seconds}.`,
  deletions_wait: (v) => `${v.deletions} deletions wait since ${v.since}.`,
  clock_ahead: (v) => `The clock jumped ${v.days} days ahead: reports are refused.`,
  processors_busy: (v) => `They were busy for ${v.percent} of a minute.`,
  memory_used: (v) => `${v.percent} of the memory is used.`,
  memory_free: (v) => `${v.bytes} of the memory are free.`,
  disk_used: (v) => `${v.percent} of the disk is used.`,
  disk_fills: (v) => `As it fills now, the disk is full in ${v.hours}.`,
  proxy_unnamed: (v) =>
    `Since ${v.since}, ${v.requests} requests had X-Forwarded-For of an address that is not named.`,
  proxy_unreadable: (v) =>
    `Since ${v.since}, ${v.requests} requests of a named proxy had no address in X-Forwarded-For.`,
  certificate_expired: (v) => `The certificate expired on ${v.at}.`,
  certificate_expires: (v) => `The certificate ends on ${v.at}, in ${v.days} days.`,
  certificate_refused: () => 'The new certificate cannot be used.',
  cache_fails: () => 'It has not answered, or refuses values.',
  replica_fails: () => 'It has not answered.',
  replica_behind: (v) => `It lacks what was counted since ${v.since}.`,
  backup_failed: (v) =>
    `The last backup failed. ${v.last_at === '' ? 'There is no good one.' : `The last good one is of ${v.last_at}.`}`,
  backup_none: (v) => `There is no backup since the start on ${v.since}.`,
  backup_old: (v) => `The last backup is of ${v.at}.`,
  backups_unreadable: () => 'What is known of backups cannot be read.',
  backup_folder_away: (v) =>
    `The folder ${v.folder} is away${v.since && ` since ${v.since}`}: its backups lack ${v.deletions} deletions.`,
  deletions_unknown: (v) =>
    `Backups in ${v.folder} do not know who was deleted from ${v.from} to ${v.to}.`,
  deletions_damaged: (v) => `The list of deletions in ${v.folder} was damaged: ${v.files}.`,
  collector_gone: (v) =>
    `${v.host} is gone with ${v.reports} reports, not counted since ${v.since}.`,
  restore_lost: (v) => `A restore lost ${v.entries} entries that were acknowledged.`,
  restore_lost_unknown: () => 'A restore may have lost reports, and nobody knows how many.',
  silence: (v) => `${v.count} series do not come as they usually do, of ${v.projects}.`,
  places_full: (v) => `Over 80 % full: ${v.count}. Rare values become other when the day closes.`,
  unusual_days: (v) => `Days with unusually many new people: ${v.count}. They are counted.`,
  log_not_read: (v) =>
    `${v.lines} lines are lost since ${v.since}: its reader has stopped reading.`,
  log_ended: (v) => `${v.lines} lines are lost since ${v.since}: its reader has ended.`,
  log_disk_full: (v) => `${v.lines} lines are lost since ${v.since}: its disk is full.`,
  log_quota_full: (v) => `${v.lines} lines are lost since ${v.since}: its disk quota is used up.`,
  log_fails: (v) => `${v.lines} lines are lost since ${v.since}.`,
  message_refused: (v) => `${v.receiver} refused a message on ${v.since}, which is lost.`,
  message_waits: (v) => `${v.receiver} has not taken a message since ${v.since}.`,
  more_receivers: (v) => `So it is with ${v.others} others.`,
  errors_unusual: (v) =>
    `${v.errors} errors in an hour; ${v.usual && `usually ${v.usual}, and `}more than ${v.threshold} are too many.`,
};
