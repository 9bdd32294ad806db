import { CONDITION_NAMES, type ConditionName } from '../../../src/health/conditions.js';
import { playDeadThread } from './dead-thread-scene.js';
import { playHangingBackup } from './hanging-backup-scene.js';
import { playFullDisk } from './full-disk-scene.js';
import { playJumpedClock } from './jumped-clock-scene.js';
import { playLockedCounts } from './locked-counts-scene.js';
import { playOutside } from './outside-scene.js';
import { playPeople } from './people-scene.js';
import type { Scene, Stage } from './scene.js';
import { playSharedStore } from './shared-store-scene.js';
import { playSmallContainer } from './small-container-scene.js';

/** What happens to collectors, each to one of its own. */
export const SCENES = {
  'full-disk': playFullDisk,
  'locked-counts': playLockedCounts,
  'dead-thread': playDeadThread,
  'hanging-backup': playHangingBackup,
  'jumped-clock': playJumpedClock,
  people: playPeople,
  outside: playOutside,
  'shared-store': playSharedStore,
  'small-container': playSmallContainer,
} as const satisfies Record<string, (stage: Stage) => Promise<Scene>>;

export type SceneName = keyof typeof SCENES;

/** How a condition comes about, and what tells of it. */
export interface Row {
  readonly scene: SceneName;
  /** What is done, and what of it is not real. */
  readonly how: string;
  /** What `/readyz` answers meanwhile. */
  readonly readyz: 200 | 503;
  /** The alert that fires. */
  readonly alert: string;
  /** The metric of what is wrong itself, as PromQL that holds meanwhile; `$` is the collector. */
  readonly figure: string;
  /** Whether it is over only with a new process, which knows nothing of it. */
  readonly endsByRestart?: true;
}

/** Every condition there is. */
const TABLE: Readonly<Record<ConditionName, Row>> = {
  journal: {
    ...{ scene: 'full-disk', readyz: 503, alert: 'HeadcountComponentFailing' },
    how: 'the disk of the data folder is full, and a report is refused',
    figure: 'headcount_reports_refused_total{$, reason="disk_full"} > 0',
  },
  counting: {
    ...{ scene: 'locked-counts', readyz: 200, alert: 'HeadcountComponentFailing' },
    how: 'counts.db is locked by another program; the wall clock skips a day',
    figure: 'headcount_condition_seconds{$, condition="counting"} > 60',
  },
  store: {
    ...{ scene: 'dead-thread', readyz: 200, alert: 'HeadcountComponentFailing' },
    how: 'a thread that answers questions dies',
    figure: 'headcount_questions_total{$, outcome="failed"} > 0',
    endsByRestart: true,
  },
  data: {
    ...{ scene: 'full-disk', readyz: 503, alert: 'HeadcountComponentFailing' },
    how: 'the disk of the data folder is full',
    figure: 'headcount_host_disk_available_bytes{$} == 0',
  },
  clock: {
    ...{ scene: 'jumped-clock', readyz: 503, alert: 'HeadcountComponentFailing' },
    how: 'the clock that the collector is given jumps 4000 days: the machine’s own is left alone',
    figure: 'headcount_condition_seconds{$, condition="clock"} > 30 * 86400',
  },
  cpu: {
    ...{ scene: 'small-container', readyz: 200, alert: 'HeadcountCpuHigh' },
    how: 'a file mounted over /proc/stat says that all are busy; the monotonic clock skips a minute',
    figure: 'headcount_host_cpu_used_ratio{$} > 0.8',
  },
  memory: {
    ...{ scene: 'small-container', readyz: 200, alert: 'HeadcountMemoryHigh' },
    how: 'a neighbour in the control group uses up its limit of 1 GiB',
    figure: 'headcount_host_memory_used_ratio{$} > 0.9',
  },
  memory_free: {
    ...{ scene: 'small-container', readyz: 200, alert: 'HeadcountWarning' },
    how: 'a neighbour in the control group uses up its limit of 1 GiB',
    figure: 'headcount_host_memory_available_bytes{$} < 512 * 1024 * 1024',
  },
  disk: {
    ...{ scene: 'full-disk', readyz: 503, alert: 'HeadcountDiskHigh' },
    how: 'the disk of the data folder is full',
    figure: 'headcount_host_disk_used_ratio{$} > 0.9',
  },
  disk_full_soon: {
    ...{ scene: 'full-disk', readyz: 503, alert: 'HeadcountDiskFullSoon' },
    how: 'a fifth of the disk is filled; the monotonic clock skips an hour',
    figure: 'headcount_host_disk_full_seconds{$} < 86400',
  },
  proxy: {
    ...{ scene: 'outside', readyz: 200, alert: 'HeadcountWarning' },
    how: 'a request has X-Forwarded-For; for its end, the wall clock skips a day',
    figure: 'headcount_condition_items{$, condition="proxy"} > 0',
  },
  cache: {
    ...{ scene: 'shared-store', readyz: 200, alert: 'HeadcountWarning' },
    how: 'the Redis between collectors ends; the wall clock skips a minute',
    figure: 'headcount_cache_failures_total{$, reason="down"} > 0',
  },
  replica: {
    ...{ scene: 'shared-store', readyz: 200, alert: 'HeadcountReplicaBehind' },
    how: 'the replica ends; the wall clock skips a minute',
    figure: 'headcount_condition_seconds{$, condition="replica"} > 60',
  },
  certificate: {
    ...{ scene: 'outside', readyz: 200, alert: 'HeadcountCertificateUnrenewed' },
    how: 'the files get a certificate of 10 days, then one of 80',
    figure: 'headcount_condition_seconds{$, condition="certificate"} < 14 * 86400',
  },
  backup: {
    ...{ scene: 'outside', readyz: 200, alert: 'HeadcountBackupStale' },
    how: 'the disk of the backups is full as one is made',
    figure: 'headcount_job_failed{$, exported_job="backup"} == 1',
  },
  restore: {
    ...{ scene: 'people', readyz: 200, alert: 'HeadcountWarning' },
    how: 'counts.db comes back without its journal; for its end, the wall clock skips 33 days',
    figure: 'headcount_restore_unknown_losses{$} > 0',
  },
  silence: {
    ...{ scene: 'people', readyz: 200, alert: 'HeadcountReportsSilent' },
    how: 'no report has come for five hours where one came every ten minutes',
    figure: 'headcount_condition_items{$, condition="silence"} > 0',
  },
  log: {
    ...{ scene: 'full-disk', readyz: 503, alert: 'HeadcountWarning' },
    how: 'the disk that the files of the log are on is full',
    figure: 'headcount_log_dropped_lines{$} > 0',
  },
  notices: {
    ...{ scene: 'outside', readyz: 200, alert: 'HeadcountWarning' },
    how: 'nobody listens at the second webhook; the wall clock skips a minute',
    figure: 'headcount_condition_seconds{$, condition="notices"} > 60',
  },
  places: {
    ...{ scene: 'people', readyz: 200, alert: 'HeadcountWarning' },
    how: 'a project has 850 versions; for its end, the wall clock skips 33 days',
    figure: 'headcount_dimension_fill_ratio{$, dimension="version"} > 0.8',
  },
  unusual: {
    ...{ scene: 'people', readyz: 200, alert: 'HeadcountNewPeopleBurst' },
    how: '1500 new people come at once; for its end, the wall clock skips 33 days',
    figure: 'headcount_unusual_dates{$, project="acme"} > 0',
  },
  journal_age: {
    ...{ scene: 'locked-counts', readyz: 200, alert: 'HeadcountJournalAgeing' },
    how: 'counts.db is locked by another program; the wall clock skips a day',
    figure: 'headcount_counting_backlog_age_seconds{$} > 30',
  },
  erasure: {
    ...{ scene: 'locked-counts', readyz: 200, alert: 'HeadcountErasureLate' },
    how: 'counts.db is locked as somebody deletes their data; the wall clock skips a day',
    figure: 'headcount_condition_seconds{$, condition="erasure"} > 86400',
  },
  errors: {
    ...{ scene: 'full-disk', readyz: 503, alert: 'HeadcountErrorsLogged' },
    how: 'injected: twelve parts log an error; for its end, the monotonic clock skips hours',
    figure: 'sum(headcount_log_lines_total{$, level="error"}) > 10',
  },
};

/** Other ways in which some of them come about. */
const FURTHER: readonly Case[] = [
  {
    ...{ name: 'backup', scene: 'hanging-backup', readyz: 200, alert: 'HeadcountBackupStale' },
    how: 'the process of the first backup is stopped; the wall clock skips three days',
    figure: 'headcount_job_running{$, exported_job="backup"} == 1',
  },
];

/** A row with its condition. */
export interface Case extends Row {
  readonly name: ConditionName;
}

/** All rows. */
export const CASES: readonly Case[] = [
  ...CONDITION_NAMES.map((name) => ({ name, ...TABLE[name] })),
  ...FURTHER,
];
