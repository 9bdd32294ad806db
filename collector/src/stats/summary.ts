import { type Static, Type } from 'typebox';
import type { Zone } from '../rules/day.js';
import { MAX_SHARES } from '../rules/top-shares.js';
import type { Share, Summary } from '../store/questions.js';
import type { StoreReader } from '../store/store.js';
import { formatParameter, type Row } from './answer.js';
import { toldMembers } from './told-members.js';
import { type Asked, type Define, scopeMembers } from './define-question.js';
import { mergedMember, toMerged } from './merged.js';
import { parameters } from './parameters.js';
import { askPublicSeries } from './public-series.js';
import { toUnusualDays, unusualDates } from './unusual.js';

const count = (description: string) => Type.Integer({ minimum: 0, description });
// By TypeBox’s own pattern a key with a line break would not be as documented.
const anyText = Type.String({ pattern: '^[\\s\\S]*$' });
const certainty = (description: string) =>
  Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], { description });
const PUBLIC =
  `The ${MAX_SHARES} values with most, all others as other. Without a token, people active on the ` +
  'last 28 complete days, small groups as other';
const distribution = (description: string) =>
  Type.Record(anyText, Type.Integer({ minimum: 1 }), { description });

/** How many people there are, were active, and what they run. */
export const summarySchema = Type.Object(
  {
    total_users: count(
      'People: distinct IDs that not only build farms have reported with. Projects count apart: ' +
        'without ?project=, one person with two projects is two people, in every count here. Where ' +
        'users are kept for a limited time (--keep-users), those not seen for so long are not in it',
    ),
    daily_active_users: count('People active today'),
    weekly_active_users: count('People active on any of the last 7 days, today included'),
    monthly_active_users: count('People active on any of the last 28 days, today included'),
    band: Type.Object(
      {
        certain: certainty(
          'IDs made from the machine, or handed down by a parent process: they come back after ' +
            'their home was lost',
        ),
        likely: certainty(
          'Random IDs that were kept, those of the first generation included: a person whose home ' +
            'was lost is counted again',
        ),
        ephemeral: certainty(
          'Random IDs that could not be kept: every run has another one, so these are runs rather ' +
            'than people',
        ),
      },
      {
        additionalProperties: false,
        description:
          'How sure it is that an ID is one person; the three add up to total_users. null without a ' +
          'token: certainty is a dimension of people',
      },
    ),
    os_distribution: distribution(`People by the operating system they last reported. ${PUBLIC}`),
    version_distribution: distribution(`People by the version they last reported. ${PUBLIC}`),
    last_updated: Type.String({
      format: 'date-time',
      description: 'When the last report that is counted was received',
    }),
    total_reports: count(
      'Reports of people and build farms, each once; those of deleted users stay counted',
    ),
    reports_lost: count(
      'Reports that clients say they dropped before sending; up to a million of each',
    ),
    ci_users: count('IDs that only build farms have reported with'),
    ...unusualDates,
    ...toldMembers,
    ...mergedMember,
    timezone: Type.String({ description: 'The zone that days are counted in' }),
    as_of: Type.String({
      format: 'date-time',
      description: 'Every report acknowledged before this moment is counted',
    }),
  },
  { additionalProperties: false, description: 'The counts' },
);

/** The answer to `GET /v1/stats/summary`. */
export type SummaryAnswer = Static<typeof summarySchema>;

/** Answers the summary of one project or all. */
export async function askSummary(
  store: Pick<StoreReader, 'together'>,
  asked: Asked,
): Promise<SummaryAnswer> {
  const { project, among, seesAll, zone, today, asOf } = asked;
  const ask = async (one: string | null): Promise<Counted> => {
    const { summary, unusual } = await store.together({
      summary: { project: one, day: today, mostValues: MAX_SHARES },
      unusual: { project: one, from: today - LONGEST_DAYS + 1, to: today },
    });
    return { summary, unusual: toUnusualDays(unusual).dates };
  };
  const { summary, unusual } =
    among === null ? await ask(project) : addUp(await oneByOne(among, ask));
  // When the last report came is known of all projects together: nobody else may learn that.
  const shown = seesAll ? summary : { ...summary, changedAt: null };
  const answer = toAnswer(shown, unusual, asOf, zone);
  return asked.level === 'public' ? toPublic(answer, asked, store) : answer;
}

/** All at once would take more places in the queue of questions than a client has. */
async function oneByOne(
  projects: readonly string[],
  ask: (project: string) => Promise<Counted>,
): Promise<Counted[]> {
  const all: Counted[] = [];
  for (const project of projects) all.push(await ask(project));
  return all;
}

/** The answer without a token: totals are the same, values are those of the last complete day. */
async function toPublic(
  answer: SummaryAnswer,
  asked: Asked,
  store: Pick<StoreReader, 'together'>,
): Promise<SummaryAnswer> {
  const askOne = async (dimension: string) => {
    if (asked.cells === undefined) return { shown: {}, merged: undefined };
    const { groups, merged } = await askPublicSeries(asked, store, {
      ...{ dimension, unit: 'people', parameter: 'dimension', window: '28d', limit: MAX_SHARES },
      span: (lastDay) => ({ from: lastDay, to: lastDay }),
    });
    return {
      shown: Object.fromEntries(groups.map(({ group, values: [people] }) => [group, people ?? 0])),
      merged: merged.merged && {
        below: merged.merged.below,
        atLeast: merged.merged.at_least.map((value) => `${dimension}:${value}`),
      },
    };
  };
  const [os, version] = [await askOne('os'), await askOne('version')];
  const merged = [os.merged, version.merged].filter((one) => one !== undefined);
  const [first] = merged;
  return {
    ...answer,
    ...(first &&
      toMerged(
        first.below,
        merged.flatMap(({ atLeast }) => atLeast),
      )),
    band: { certain: null, likely: null, ephemeral: null },
    os_distribution: os.shown,
    version_distribution: version.shown,
  };
}

/** The dimensions that a summary has the distributions of. */
export const SUMMARY_DIMENSIONS: readonly string[] = ['os', 'version'];

/** The longest window in a summary. */
const LONGEST_DAYS = 28;

interface Counted {
  readonly summary: Summary;
  /** The dates. */
  readonly unusual: string[];
}

/** The totals of several projects. A person with two of them is two, as over all projects. */
function addUp(all: readonly Counted[]): Counted {
  const sum = (member: CountOfSummary): number =>
    all.reduce((total, { summary }) => total + summary[member], 0);
  const summary = {
    totalUsers: sum('totalUsers'),
    dailyActiveUsers: sum('dailyActiveUsers'),
    weeklyActiveUsers: sum('weeklyActiveUsers'),
    monthlyActiveUsers: sum('monthlyActiveUsers'),
    certainUsers: sum('certainUsers'),
    likelyUsers: sum('likelyUsers'),
    ephemeralUsers: sum('ephemeralUsers'),
    ciUsers: sum('ciUsers'),
    totalReports: sum('totalReports'),
    lostReports: sum('lostReports'),
    lostReportsCut: sum('lostReportsCut'),
    // The public sees no distribution over all projects.
    os: [],
    version: [],
    changedAt: null,
  };
  const unusual = [...new Set(all.flatMap((one) => one.unusual))].sort();
  return { summary, unusual };
}

type CountOfSummary = Exclude<keyof Summary, 'os' | 'version' | 'changedAt'>;

/** Converts the figures to rows. A header says what `merged` does. */
function toFigures(answer: SummaryAnswer): Row[] {
  return Object.entries({ ...answer, merged: [] }).flatMap(([figure, value]): Row[] => {
    if (Array.isArray(value)) return value.map((one) => ({ figure, value: one }));
    return typeof value === 'object'
      ? Object.entries(value).map(([name, n]) => ({ figure: `${figure}:${name}`, value: n }))
      : [{ figure, value }];
  });
}

function toAnswer(summary: Summary, unusual: string[], asOf: Date, zone: Zone): SummaryAnswer {
  return {
    total_users: summary.totalUsers,
    daily_active_users: summary.dailyActiveUsers,
    weekly_active_users: summary.weeklyActiveUsers,
    monthly_active_users: summary.monthlyActiveUsers,
    band: {
      certain: summary.certainUsers,
      likely: summary.likelyUsers,
      ephemeral: summary.ephemeralUsers,
    },
    os_distribution: toDistribution(summary.os),
    version_distribution: toDistribution(summary.version),
    last_updated: (summary.changedAt === null ? asOf : new Date(summary.changedAt)).toISOString(),
    total_reports: summary.totalReports,
    reports_lost: summary.lostReports,
    ci_users: summary.ciUsers,
    unusual,
    timezone: zone,
    as_of: asOf.toISOString(),
  };
}

/** Shares as an answer has them. */
export function toDistribution(shares: readonly Share[]): Record<string, number> {
  return Object.fromEntries(shares.map(({ value, users }) => [value, users]));
}

const summaryQuery = Type.Object(
  { ...scopeMembers, tz: parameters.tz, format: formatParameter },
  { additionalProperties: false },
);

/** `GET /v1/stats/summary`, which the first generation knows as `GET /stats`. */
export function defineSummary(define: Define): void {
  for (const [path, summary] of [
    ['/v1/stats/summary', 'How many people there are, were active, and what they run'],
    ['/stats', 'The same as /v1/stats/summary (first generation)'],
  ] as const) {
    define({
      path,
      summary,
      query: summaryQuery,
      answer: summarySchema,
      rows: toFigures,
      columns: () => ['figure', 'value'],
      publicDimensions: () => SUMMARY_DIMENSIONS,
      hasMoreThanCells: true,
      handler: (asked, _query, store) => askSummary(store, asked),
    });
  }
}
