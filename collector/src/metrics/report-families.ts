import type { QualityKind } from '../rules/counted-report.js';
import { type Family, sampleOf, toSeconds } from './family.js';
import type { Figures } from './gather.js';

/** What may be said of a counted report, or why a report that was kept is not counted. */
const MARKS = [
  'late',
  'delayed',
  'clock_corrected',
  'day_uncertain',
  'timestamps_clamped',
  'timestamps_unreadable',
  'values_cut',
  'values_unexpected',
  'values_over_limit',
  'unknown_fields',
  'undeclared_events',
  'undeclared_fields',
  'undeclared_values',
  'too_old',
  'forgotten',
  'uncountable',
] as const satisfies readonly QualityKind[];

const sinceStart =
  (kind: QualityKind) =>
  ({ counts }: Figures) =>
    counts === undefined ? [] : sampleOf(counts.sinceStart[kind] ?? 0);

/** What becomes of reports. */
export const REPORT_FAMILIES: readonly Family[] = [
  {
    name: 'reports_acknowledged_total',
    type: 'counter',
    help: 'Reports that were acknowledged, since the start.',
    labels: [],
    read: ({ events }) => events.acknowledged,
  },
  {
    name: 'reports_refused_total',
    type: 'counter',
    help: 'Reports that were refused, since the start, by the code of the problem. A request that was refused unread counts as one.',
    labels: ['reason'],
    read: ({ events }) => events.refused,
  },
  {
    name: 'reports_accepted_total',
    type: 'counter',
    help: 'Reports that were counted, each once, since the start.',
    labels: [],
    read: sinceStart('accepted'),
  },
  {
    name: 'reports_duplicate_total',
    type: 'counter',
    help: 'Reports that had been counted before, since the start.',
    labels: [],
    read: sinceStart('duplicates'),
  },
  {
    name: 'reports_marked_total',
    type: 'counter',
    help: 'Reports of which /v1/stats/quality tells something, since the start. Those with values_unexpected and values_over_limit have values that became other.',
    labels: ['mark'],
    read: ({ counts }) =>
      counts === undefined
        ? []
        : MARKS.map((mark) => ({ labels: { mark }, value: counts.sinceStart[mark] ?? 0 })),
  },
  {
    name: 'last_report_timestamp_seconds',
    type: 'gauge',
    help: 'When the last counted report was received.',
    labels: [],
    read: ({ counts }) => sampleOf(toSeconds(counts?.lastReportAt)),
  },
  {
    name: 'counting_backlog_reports',
    type: 'gauge',
    help: 'Reports on disk that are not counted yet.',
    labels: [],
    read: ({ counting }) => sampleOf(counting.backlog),
  },
  {
    name: 'counting_backlog_age_seconds',
    type: 'gauge',
    help: 'For how long reports have been waiting to be counted; 0 if none waits.',
    labels: [],
    read: ({ counting: { behindSince }, now }) =>
      sampleOf(
        behindSince === null ? 0 : Math.max(0, now.getTime() - behindSince.getTime()) / 1000,
      ),
  },
  {
    name: 'gone_collectors',
    type: 'gauge',
    help: 'Collectors on the same store that are gone with their journals.',
    labels: [],
    read: ({ gone }) => sampleOf(gone.length),
  },
  {
    name: 'gone_collectors_backlog_reports',
    type: 'gauge',
    help: 'Reports that waited in these journals when the collectors were last seen.',
    labels: [],
    read: ({ gone }) => sampleOf(gone.reduce((sum, { reports }) => sum + reports, 0)),
  },
  {
    name: 'counting_speed_reports',
    type: 'gauge',
    help: 'Reports counted in a second, in the last large batches; missing until there was one.',
    labels: [],
    read: ({ counting }) => sampleOf(counting.speed),
  },
  {
    name: 'replica_is_standby',
    type: 'gauge',
    help: 'Whether the server of --read-store is a standby; 0 for the primary, for which journals keep nothing. Missing without one.',
    labels: [],
    read: ({ counting: { replica } }) =>
      sampleOf(replica?.isStandby === undefined ? undefined : Number(replica.isStandby)),
  },
  {
    name: 'restore_lost_entries',
    type: 'gauge',
    help: 'Acknowledged entries that a restore was found to have lost in the last 28 days.',
    labels: [],
    read: ({ counts }) => sampleOf(counts && (counts.lately.lost_in_restore ?? 0)),
  },
  {
    name: 'restore_unknown_losses',
    type: 'gauge',
    help: 'Restores of the last 28 days that lost acknowledged reports, and it cannot be known how many.',
    labels: [],
    read: ({ counts }) => sampleOf(counts && (counts.lately.unknown_losses ?? 0)),
  },
];
