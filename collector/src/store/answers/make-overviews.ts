import type { Total } from '../../rules/tally.js';
import { addUpProjects } from '../add-up-projects.js';
import type { OverviewQuestion, ProjectOverview } from '../questions.js';

/** How many people of a project were active up to a day. */
export interface ActiveRow {
  readonly id: number;
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
  readonly new: number;
}

/** How many places a dimension of a project, or all fields of its events, have taken. */
export interface PlacesRow {
  readonly id: number;
  readonly dimension: string;
  readonly most: number;
  readonly values: number;
  readonly dimensions: number;
}

/** What is known of all projects. */
export interface OverviewRows {
  readonly names: readonly { readonly id: number; readonly slug: string }[];
  readonly totals: readonly { readonly id: number; readonly total: Total; readonly n: number }[];
  readonly places: readonly PlacesRow[];
  /** Those of each day of {@link daysOf}. */
  readonly active: ReadonlyMap<number, readonly ActiveRow[]>;
}

/** The days that a question is about. They are few: no two places on Earth are more than one day apart. */
export const daysOf = ({ day, days }: OverviewQuestion): number[] => [
  ...new Set([day, ...Object.values(days)]),
];

/** Makes the figures of projects out of their rows. */
export function makeOverviews(rows: OverviewRows, question: OverviewQuestion): ProjectOverview[] {
  const totalsOf = groupById(rows.totals);
  const placesOf = groupById(rows.places);
  const activeOn = new Map([...rows.active].map(([day, active]) => [day, groupById(active)]));
  const overviewOf = (id: number, project: string): ProjectOverview => {
    const total = new Map(totalsOf.get(id)?.map((row) => [row.total, row.n]));
    const [act] = activeOn.get(dayIn(project, question))?.get(id) ?? [];
    const own = placesOf.get(id) ?? [];
    const people = (['certain', 'likely', 'ephemeral'] as const).map((one) => total.get(one));
    return {
      project,
      totalUsers: people.reduce<number>((sum, n = 0) => sum + n, 0),
      dailyActiveUsers: act?.daily ?? 0,
      weeklyActiveUsers: act?.weekly ?? 0,
      monthlyActiveUsers: act?.monthly ?? 0,
      newUsers: act?.new ?? 0,
      ciUsers: total.get('ci') ?? 0,
      totalReports: total.get('reports') ?? 0,
      lostReports: total.get('lost') ?? 0,
      lostReportsCut: total.get('lost_cut') ?? 0,
      places: {
        dimensions: own.reduce((sum, one) => sum + one.dimensions, 0),
        values: own.reduce((sum, one) => sum + one.values, 0),
        ofDimension: Object.fromEntries(own.map(({ dimension, most }) => [dimension, most])),
      },
    };
  };
  const all = rows.names
    .map(({ id, slug }) => overviewOf(id, slug))
    .sort((a, b) => b.totalUsers - a.totalUsers || compareNames(a, b));
  const rest = all.slice(question.mostProjects);
  return [
    ...all.slice(0, question.mostProjects),
    ...(rest.length > 0 ? [addUpProjects(rest)] : []),
  ];
}

/** A project may have the name of a member that every object has. */
const dayIn = (project: string, { day, days }: Pick<OverviewQuestion, 'day' | 'days'>): number =>
  Object.hasOwn(days, project) ? (days[project] ?? day) : day;

/** As stores compare: by bytes. */
const compareNames = (a: ProjectOverview, b: ProjectOverview): number =>
  Buffer.compare(Buffer.from(a.project ?? ''), Buffer.from(b.project ?? ''));

function groupById<Row extends { readonly id: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.id);
    if (group) group.push(row);
    else groups.set(row.id, [row]);
  }
  return groups;
}
