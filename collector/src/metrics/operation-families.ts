import { LEVELS } from '../access/level.js';
import type { Condition, Severity } from '../health/conditions.js';
import type { Look } from '../health/watch-health.js';
import type { JobState } from '../jobs/job.js';
import { RETENTION_JOBS } from '../retention/retention-jobs.js';
import { VERSION } from '../version.js';
import { CONDITION_VALUE_FAMILIES } from './condition-value-families.js';
import { type Family, sampleOf, toSeconds } from './family.js';
import type { Figures } from './gather.js';
import type { Sample } from './tally.js';

const byJob =
  (read: (job: JobState) => number | null | undefined) =>
  ({ jobs }: Figures): readonly Sample[] =>
    jobs.flatMap((job) => sampleOf(read(job), { job: job.name }));

const droppedBy =
  (unit: 'rows' | 'bytes') =>
  ({ jobs }: Figures): readonly Sample[] => {
    const result = jobs.find(({ name }) => name === RETENTION_JOBS.run)?.result ?? null;
    // The job wrote it.
    const dropped = (result?.['dropped'] ?? {}) as Readonly<
      Record<string, Readonly<Record<'rows' | 'bytes', number>>>
    >;
    return Object.entries(dropped).flatMap(([name, one]) => sampleOf(one[unit], { class: name }));
  };

const ofSeverity = ({ conditions }: Look, severity: Severity): readonly Condition[] =>
  conditions.filter((one) => one.severity === severity);

const seconds = (text: string | null): number | undefined =>
  text === null ? undefined : Date.parse(text) / 1000;

/** How the collector itself goes. */
export const OPERATION_FAMILIES: readonly Family[] = [
  {
    name: 'build_info',
    type: 'gauge',
    help: 'The release, always 1.',
    labels: ['version'],
    read: () => sampleOf(1, { version: VERSION }),
  },
  {
    name: 'durability_info',
    type: 'gauge',
    help: 'Where a report is when it is acknowledged, always 1: in the journal on disk, or counted in the store.',
    labels: ['durability'],
    read: ({ durability }) => sampleOf(1, { durability }),
  },
  {
    name: 'component_up',
    type: 'gauge',
    help: 'Whether a component of /health works; 0 if it is failing.',
    labels: ['component'],
    read: ({ health }) =>
      ofSeverity(health, 'critical').flatMap(({ name, state }) =>
        sampleOf(state === 'ok' ? 1 : 0, { component: name }),
      ),
  },
  {
    name: 'warning',
    type: 'gauge',
    help: 'Whether /health has a warning, by its name there.',
    labels: ['warning'],
    read: ({ health }) =>
      ofSeverity(health, 'warning').flatMap(({ name, state }) =>
        sampleOf(state === 'ok' ? 0 : 1, { warning: name }),
      ),
  },
  {
    name: 'condition_active',
    type: 'gauge',
    help: 'Whether a condition of /health is active, by its name and severity; troubleshooting.md has a paragraph for each.',
    labels: ['condition', 'severity'],
    read: ({ health }) =>
      health.conditions.map(({ name, severity, state }) => ({
        labels: { condition: name, severity },
        value: state === 'ok' ? 0 : 1,
      })),
  },
  ...CONDITION_VALUE_FAMILIES,
  {
    name: 'log_lines_total',
    type: 'counter',
    help: 'Lines of the log by level and by the part of the collector that wrote them, since the start.',
    labels: ['level', 'source'],
    read: ({ logLines }) =>
      logLines.map(({ level, source, lines }) => ({ labels: { level, source }, value: lines })),
  },
  {
    name: 'log_dropped_lines',
    type: 'gauge',
    help: 'Lines of the log that could not be written since the last one that was.',
    labels: [],
    read: ({ health }) => sampleOf(health.facts.log.dropped_lines),
  },
  {
    name: 'database_size_bytes',
    type: 'gauge',
    help: 'The size of a database or of its write-ahead log.',
    labels: ['file'],
    read: ({ files }) => [...files].flatMap(([file, bytes]) => sampleOf(bytes, { file })),
  },
  {
    name: 'journal_waiting_reports',
    type: 'gauge',
    help: 'Reports that are queued for the journal, and not acknowledged yet.',
    labels: [],
    read: ({ waitingReports }) => sampleOf(waitingReports),
  },
  {
    name: 'journal_size_bytes',
    type: 'gauge',
    help: 'The size of journal.db with its write-ahead log.',
    labels: [],
    read: ({ files }) =>
      sampleOf((files.get('journal.db') ?? 0) + (files.get('journal.db-wal') ?? 0)),
  },
  {
    name: 'journal_limit_bytes',
    type: 'gauge',
    help: 'The size of journal.db beyond which reports are refused.',
    labels: [],
    read: ({ maxJournalBytes }) => sampleOf(maxJournalBytes),
  },
  {
    name: 'limits_hit_total',
    type: 'counter',
    help: 'How often a limit has refused a request or a part of it, since the start: of a rate by its name in RateLimit-Policy, else by the code of the problem.',
    labels: ['limit'],
    read: ({ events }) => events.limitsHit,
  },
  {
    name: 'questions_total',
    type: 'counter',
    help: 'Questions to the threads of questions, since the start. An answer is computed, reused, or shared by another collector; without one, it is said why.',
    labels: ['question', 'outcome'],
    read: ({ events }) => events.questions,
  },
  {
    name: 'cache_failures_total',
    type: 'counter',
    help: 'How often the cache between collectors was no help, since the start: it was down, slow, has refused a value, or had one that no collector has made.',
    labels: ['reason'],
    read: ({ events }) => events.sharingFailures,
  },
  {
    name: 'live_streams',
    type: 'gauge',
    help: 'Open streams of /v1/stats/live, by the level of the listener.',
    labels: ['level'],
    read: ({ events }) =>
      LEVELS.map((level) => ({
        labels: { level },
        value: events.streams.find(({ labels }) => labels['level'] === level)?.value ?? 0,
      })),
  },
  {
    name: 'backup_last_success_timestamp_seconds',
    type: 'gauge',
    help: 'When the last backup was finished; missing without one.',
    labels: [],
    read: ({
      health: {
        facts: { backup },
      },
    }) => sampleOf(seconds(backup.last_success_at)),
  },
  {
    name: 'backup_last_failure_timestamp_seconds',
    type: 'gauge',
    help: 'When a regular backup failed; missing if none has failed since the last success.',
    labels: [],
    read: ({
      health: {
        facts: { backup },
      },
    }) => sampleOf(seconds(backup.last_failure_at)),
  },
  {
    name: 'backup_interval_seconds',
    type: 'gauge',
    help: 'From one regular backup to the next; missing if none are made.',
    labels: [],
    read: ({
      health: {
        facts: { backup },
      },
    }) => sampleOf(backup.every_seconds),
  },
  {
    name: 'backup_overdue',
    type: 'gauge',
    help: 'Whether the last backup failed or is older than it may be.',
    labels: [],
    read: ({ health }) =>
      health.conditions
        .filter(({ name }) => name === 'backup')
        .flatMap(({ state }) => sampleOf(state === 'ok' ? 0 : 1)),
  },
  {
    name: 'job_last_success_timestamp_seconds',
    type: 'gauge',
    help: 'When the last successful run of a job ended; missing before the first.',
    labels: ['job'],
    read: byJob(({ succeededAt }) => toSeconds(succeededAt)),
  },
  {
    name: 'job_last_failure_timestamp_seconds',
    type: 'gauge',
    help: 'When the last run of a job failed; missing if it succeeded.',
    labels: ['job'],
    read: byJob(({ failedAt }) => toSeconds(failedAt)),
  },
  {
    name: 'job_last_duration_seconds',
    type: 'gauge',
    help: 'How long the last successful run of a job took, with its pauses.',
    labels: ['job'],
    read: byJob(({ tookMs }) => toSeconds(tookMs)),
  },
  {
    name: 'job_failed',
    type: 'gauge',
    help: 'Whether the last run of a job failed.',
    labels: ['job'],
    read: byJob(({ failedAt }) => (failedAt === null ? 0 : 1)),
  },
  {
    name: 'job_running',
    type: 'gauge',
    help: 'Whether a job runs now.',
    labels: ['job'],
    read: byJob(({ share }) => (share === null ? 0 : 1)),
  },
  {
    name: 'retention_last_dropped_rows',
    type: 'gauge',
    help: 'Rows, or files, that the last run of retention dropped.',
    labels: ['class'],
    read: droppedBy('rows'),
  },
  {
    name: 'retention_last_dropped_bytes',
    type: 'gauge',
    help: 'About how much room they took.',
    labels: ['class'],
    read: droppedBy('bytes'),
  },
];
