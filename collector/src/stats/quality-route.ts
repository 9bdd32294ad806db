import { type Static, Type } from 'typebox';
import type { QualityKind } from '../rules/counted-report.js';
import { dateOfDay, DEFAULT_ZONE } from '../rules/day.js';
import { formatParameter, type Row } from './answer.js';
import { type Define, scopeMembers } from './define-question.js';
import { parameters, readDays } from './parameters.js';
import { refuseDropped } from './refuse-dropped.js';
import { toUnusualDays, unusualDates } from './unusual.js';

const count = (description: string) => Type.Integer({ minimum: 0, description });

/** The counts of reports, in the order of the answer. */
const counts = {
  accepted: count('Reports counted, each once'),
  duplicates: count('Reports that had been counted already; sent again, most often'),
  late: count('Accepted, for a day before that of their receipt in the project’s time zone'),
  timestamps_clamped: count('Accepted, for the moment of receipt: theirs cannot be true'),
  clock_corrected: count('Accepted, and their moment corrected: the client’s clock was wrong'),
  delayed: count('Accepted, for their own moment: the batch was delivered long after its sent_at'),
  day_uncertain: count(
    'Of clock_corrected and delayed: on another day if the other of the two were the cause',
  ),
  timestamps_unreadable: count('Accepted, with a timestamp that cannot be read'),
  values_cut: count('Accepted, with a value that was too long and was cut'),
  values_unexpected: count(
    'Accepted, with a fact counted as other: it matches no pattern, or the manifest lists others',
  ),
  values_over_limit: count(
    'Accepted, with new values counted as other: their sender had brought too many that day',
  ),
  unknown_fields: count('Accepted, with fields that this release does not know'),
  undeclared_events: count('Accepted, without an event that the manifest does not declare'),
  undeclared_fields: count('Accepted, without fields that the manifest does not declare'),
  undeclared_values: count('Accepted, without values that the manifest does not declare'),
  too_old: count(
    'Not counted: made 35 to 400 days ago by a right clock, when it may have been counted',
  ),
  forgotten: count('Not counted: made before their user was deleted'),
  uncountable: count(
    'Kept, and set aside since they could not be counted: a mistake of the collector',
  ),
  lost_in_restore: count(
    'Acknowledged, reports and others, and not in these counts: a copy of the counts was restored ' +
      'that is older, or a collector is gone for good; on the day that was noticed, for no project: always 0 with `project`',
  ),
  unknown_losses: count(
    'How often a restore, or a collector that is gone for good, lost what was acknowledged and it cannot be known how much; on the day ' +
      'that was noticed, for no project: always 0 with `project`',
  ),
} satisfies Partial<Record<QualityKind, unknown>>;

const REJECTED = 'rejected:';

/** How much of what is nearly full an answer has. */
export const MAX_FULL_PLACES = 20;

/** What is nearly full. */
export const fullPlacesSchema = Type.Object(
  {
    project: Type.String(),
    of: Type.Enum(['dimension_values', 'project_values', 'dimensions']),
    dimension: Type.Union([Type.String(), Type.Null()], {
      description: 'The dimension of dimension_values; null for the others',
    }),
    used: Type.Integer({ minimum: 1 }),
    limit: Type.Integer({ minimum: 1 }),
  },
  { additionalProperties: false },
);

/** The answer to `GET /v1/stats/quality`. */
export const qualitySchema = Type.Object(
  {
    project: Type.Union([Type.String(), Type.Null()], { description: 'null: all of them' }),
    from: Type.String({ format: 'date', description: 'The first day of receipt, by UTC' }),
    to: Type.String({ format: 'date', description: 'The last day of receipt, by UTC' }),
    timezone: Type.String({ description: 'UTC, whatever the project’s' }),
    as_of: Type.String({ format: 'date-time' }),
    ...counts,
    rejected: Type.Record(Type.String(), Type.Integer({ minimum: 1 }), {
      description:
        'Reports the intake refused, by the code of the problem; a request that was refused as a ' +
        'whole, unread, counts as one and for no project. Clients send some again: 429, 503, 507. ' +
        'Those of the last 5 seconds before a kill -9 are not known',
    }),
    lost_estimate: count(
      'Reports that installs say they had to drop before they could be sent; of all time',
    ),
    lost_cut: count(
      'Further ones that installs claim and that are not plausible: more than 100, and more than ' +
        '10 for each of the install’s reports that arrived; of all time',
    ),
    full_places: Type.Array(fullPlacesSchema, {
      maxItems: MAX_FULL_PLACES,
      description:
        'What is over 80 % full now: rare values give their places up when the day closes, and ' +
        'beyond the limit new values count as other',
    }),
    ...unusualDates,
  },
  { additionalProperties: false },
);

type Answer = Static<typeof qualitySchema>;

const qualityQuery = Type.Object(
  {
    ...scopeMembers,
    from: parameters.from,
    to: parameters.to,
    format: formatParameter,
  },
  { additionalProperties: false },
);

/** `GET /v1/stats/quality`: how sure the counts are. */
export function defineQuality(define: Define): void {
  define({
    path: '/v1/stats/quality',
    level: 'developer',
    isOfReceipt: true,
    summary: 'What was accepted, put right, refused and lost, by days of receipt',
    query: qualityQuery,
    answer: qualitySchema,
    rows: toRows,
    columns: () => ['kind', 'reports'],
    handler: async ({ project, today, asOf }, query, store) => {
      const { from, to } = readDays(query, 'day', today);
      const { quality, summary, fullPlaces, unusual } = await store.together({
        quality: { project, from, to },
        summary: { project, day: today },
        fullPlaces: { project },
        unusual: { project, from, to },
      });
      await refuseDropped(store, { what: 'quality', from });
      return {
        project,
        from: dateOfDay(from),
        to: dateOfDay(to),
        timezone: DEFAULT_ZONE,
        as_of: asOf.toISOString(),
        ...countsOf(quality),
        rejected: rejectedOf(quality),
        lost_estimate: summary.lostReports,
        lost_cut: summary.lostReportsCut,
        full_places: fullPlaces.slice(0, MAX_FULL_PLACES),
        unusual: toUnusualDays(unusual).dates,
      };
    },
  });
}

function rejectedOf(quality: Partial<Record<QualityKind, number>>): Record<string, number> {
  const rejected = Object.entries(quality)
    .filter(([kind]) => kind.startsWith(REJECTED))
    .map(([kind, n = 0]): [string, number] => [kind.slice(REJECTED.length), n])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(rejected);
}

function countsOf(
  quality: Partial<Record<QualityKind, number>>,
): Record<keyof typeof counts, number> {
  const kinds = Object.keys(counts) as (keyof typeof counts)[];
  return Object.fromEntries(kinds.map((kind) => [kind, quality[kind] ?? 0])) as Record<
    keyof typeof counts,
    number
  >;
}

function toRows(answer: Answer): Row[] {
  return [
    ...Object.entries(countsOf(answer)),
    ...Object.entries(answer.rejected).map(([code, n]) => [`${REJECTED}${code}`, n] as const),
    ['lost_estimate', answer.lost_estimate] as const,
    ['lost_cut', answer.lost_cut] as const,
  ].map(([kind, reports]) => ({ kind, reports }));
}
