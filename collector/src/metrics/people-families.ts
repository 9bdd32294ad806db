import { EVENT_DIMENSION, USER_DIMENSIONS } from '../rules/dimensions.js';
import { MAX_DIMENSION_VALUES, MAX_DIMENSIONS, MAX_PROJECT_VALUES } from '../rules/limits.js';
import { type Family, sampleOf, toSeconds } from './family.js';
import type { ForecastFigures } from './forecast-watch.js';
import type { Figures } from './gather.js';
import type { ProjectFigures } from './gather-counts.js';
import type { Sample } from './tally.js';

/** Dimensions with labels of their own. Events name fields as they like: these share one. */
const DIMENSIONS = [...USER_DIMENSIONS, EVENT_DIMENSION, 'field'];

const byProject =
  (read: (project: ProjectFigures) => readonly Sample[]) =>
  ({ counts }: Figures): readonly Sample[] =>
    counts?.projects.flatMap((one) =>
      read(one).map(({ labels, value }) => ({
        labels: { project: one.project, ...labels },
        value,
      })),
    ) ?? [];

const byForecast =
  (read: (forecast: ForecastFigures) => number) =>
  ({ forecasts }: Figures): readonly Sample[] =>
    forecasts.map((one) => ({ labels: { project: one.project }, value: read(one) }));

/** People, and what is known of each project. */
export const PEOPLE_FAMILIES: readonly Family[] = [
  {
    name: 'counts_as_of_timestamp_seconds',
    type: 'gauge',
    help: 'The moment of all figures by project: every report acknowledged before it is counted.',
    labels: [],
    read: ({ counts }) => sampleOf(toSeconds(counts?.asOf.getTime())),
  },
  {
    name: 'counts_up',
    type: 'gauge',
    help: 'Whether the counts have answered; 0 if not, and all figures from them are missing then.',
    labels: [],
    read: ({ counts }) => sampleOf(counts === undefined ? 0 : 1),
  },
  {
    name: 'users',
    type: 'gauge',
    help: 'People, as total_users in /v1/stats/summary.',
    labels: ['project'],
    read: byProject((one) => sampleOf(one.totalUsers)),
  },
  {
    name: 'active_users',
    type: 'gauge',
    help: 'People active today, in the last 7 and in the last 28 days, today included, in the zone of the project.',
    labels: ['project', 'window'],
    read: byProject((one) => [
      ...sampleOf(one.dailyActiveUsers, { window: '1d' }),
      ...sampleOf(one.weeklyActiveUsers, { window: '7d' }),
      ...sampleOf(one.monthlyActiveUsers, { window: '28d' }),
    ]),
  },
  {
    name: 'new_users',
    type: 'gauge',
    help: 'People whose first active day is today.',
    labels: ['project'],
    read: byProject((one) => sampleOf(one.newUsers)),
  },
  {
    name: 'build_farm_users',
    type: 'gauge',
    help: 'IDs that only build farms have reported with.',
    labels: ['project'],
    read: byProject((one) => sampleOf(one.ciUsers)),
  },
  {
    name: 'counted_reports',
    type: 'gauge',
    help: 'Reports, as total_reports in /v1/stats/summary.',
    labels: ['project'],
    read: byProject((one) => sampleOf(one.totalReports)),
  },
  {
    name: 'lost_reports',
    type: 'gauge',
    help: 'Reports that installs say they had to drop, as far as that is plausible; an estimate.',
    labels: ['project'],
    read: byProject((one) => sampleOf(one.lostReports)),
  },
  {
    name: 'implausible_lost_reports',
    type: 'gauge',
    help: 'Further reports that installs claim to have dropped.',
    labels: ['project'],
    read: byProject((one) => sampleOf(one.lostReportsCut)),
  },
  {
    name: 'unusual_dates',
    type: 'gauge',
    help: 'Which of the last 28 days had unusually many new people: their number.',
    labels: ['project'],
    read: byProject((one) => sampleOf(one.unusualDays)),
  },
  {
    name: 'last_unusual_date_timestamp_seconds',
    type: 'gauge',
    help: 'When the last of these days began, in the zone of the project; missing without one.',
    labels: ['project'],
    read: byProject((one) => sampleOf(toSeconds(one.lastUnusualDay))),
  },
  {
    name: 'dimension_fill_ratio',
    type: 'gauge',
    help: 'Taken places for values of a dimension; over 0.8, rare values give theirs up. Fields of events share one label, that of the fullest.',
    labels: ['project', 'dimension'],
    read: byProject(({ places: { ofDimension } }) =>
      DIMENSIONS.flatMap((dimension) =>
        sampleOf((ofDimension[dimension] ?? 0) / MAX_DIMENSION_VALUES, { dimension }),
      ),
    ),
  },
  {
    name: 'project_fill_ratio',
    type: 'gauge',
    help: 'Taken places of a project: for dimensions, and for the values of all of them.',
    labels: ['project', 'of'],
    read: byProject(({ places }) => [
      ...sampleOf(places.dimensions / MAX_DIMENSIONS, { of: 'dimensions' }),
      ...sampleOf(places.values / MAX_PROJECT_VALUES, { of: 'values' }),
    ]),
  },
  {
    name: 'forecast_low_users',
    type: 'gauge',
    help: 'The least number of people that was expected of the last complete day, as of the last hour; missing with too few days.',
    labels: ['project'],
    read: byForecast(({ low }) => low),
  },
  {
    name: 'forecast_high_users',
    type: 'gauge',
    help: 'The largest number of people that was expected of this day.',
    labels: ['project'],
    read: byForecast(({ high }) => high),
  },
  {
    name: 'forecast_observed_users',
    type: 'gauge',
    help: 'The people of this day.',
    labels: ['project'],
    read: byForecast(({ observed }) => observed),
  },
  {
    name: 'forecast_left',
    type: 'gauge',
    help: 'Whether this day is outside of what 99 of 100 ordinary days are.',
    labels: ['project'],
    read: byForecast(({ isLeft }) => (isLeft ? 1 : 0)),
  },
];
