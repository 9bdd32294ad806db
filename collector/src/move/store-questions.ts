import { PEOPLE_DIMENSIONS, USER_DIMENSIONS } from '../rules/dimensions.js';
import { MAX_RECENT } from '../rules/limits.js';
import { INTERVALS } from '../rules/period.js';
import { VALUE_WINDOW_DAYS } from '../rules/tally.js';
import { EXPORTS } from '../store/export-rows.js';
import type { UserQuestion } from '../store/questions.js';
import type { DimensionValue, ReaderOperations } from '../store/store.js';

/** What questions are about. */
export interface AskedAbout {
  /** A project; `null` for all together. */
  readonly project: string | null;
  /** The first day and the last with reports, numbered since 1970. */
  readonly from: number;
  readonly to: number;
  /** Values of the project. */
  readonly values: readonly DimensionValue[];
  /** Some of its users. */
  readonly users: readonly UserQuestion[];
}

type Name = keyof ReaderOperations;
type Question<N extends Name> = Parameters<ReaderOperations[N]>[0];

/** A question, by the name of the operation that answers it. */
export interface StoreQuestion {
  readonly name: Name;
  readonly question: unknown;
}

/** The questions that each operation is asked. Those of all projects take none of {@link AskedAbout}. */
const MAKE: { readonly [N in Name]: (about: AskedAbout) => readonly Question<N>[] } = {
  summary: ({ project, to }) => [
    { project, day: to },
    { project, day: to, mostValues: 3 },
  ],
  gaps: (about) => [true, false].map((ci) => ({ ...daysOf(about), ci })),
  reports: (about) => [true, false].map((ci) => ({ ...daysOf(about), ci })),
  valueGaps: (about) => dimensionsOf(about).map((one) => ({ ...daysOf(about), dimension: one })),
  peopleWindows: (about) =>
    [true, false].map((ci) => ({ project: about.project, ci, windows: windowsOf(about) })),
  valueWindows: (about) =>
    dimensionsOf(about).map((dimension) => ({
      ...{ project: about.project, dimension, windows: windowsOf(about) },
    })),
  valuePeople: (about) =>
    about.values.slice(0, SOME).map(({ dimension, value }) => ({
      ...{ project: about.project, dimension, value, windows: windowsOf(about) },
    })),
  reportWindows: (about) =>
    saidOf(about).map((dimension) => ({
      ...{ project: about.project, dimension, windows: windowsOf(about) },
    })),
  newestValues: ({ project, to }) =>
    USER_DIMENSIONS.map((dimension) => ({
      ...{ project, dimension, of: dimension === 'version' ? 'os' : null },
      from: to - VALUE_WINDOW_DAYS,
    })),
  crossedDays: (about) => [
    { ...daysOf(about), dimensions: ['os', 'version'], mostDays: 1_000_000 },
    { ...daysOf(about), dimensions: ['os', 'certainty'], mostDays: 1_000_000 },
  ],
  firstDays: ({ project, from }) => [1, 3].map((people) => ({ project, people, since: from })),
  hours: ({ project }) => [{ project }],
  sayingDays: daysOnce,
  reportValues: (about) => saidOf(about).map((one) => ({ ...daysOf(about), dimension: one })),
  dimensions: ({ project }) => [{ project }],
  fullPlaces: ({ project }) => [{ project }],
  overview: ({ to }) => [{ day: to, days: {}, mostProjects: 100 }],
  values: ({ project }) => (project === null ? [] : [{ project }]),
  areKnown: ({ users }) => [{ users }],
  retention: (about) => INTERVALS.map((interval) => ({ ...daysOf(about), interval })),
  quality: (about) => [{ project: about.project }, daysOf(about)],
  unusual: daysOnce,
  together: (about) => [{ summary: { project: about.project, day: about.to } }],
  recent: ({ project }) => [{ project, limit: MAX_RECENT }],
  keptSpans: once,
  saidSince: once,
  countrySince: once,
  agesSince: once,
  exportPage: ({ project }) =>
    project === null
      ? []
      : EXPORTS.map((what) => ({ what, project, after: null, limit: EXPORTED })),
  projects: once,
  owner: ({ users }) => users,
  user: ({ users }) => users,
  cleanings: once,
  // Each store names its states by itself.
  state: () => [],
  cleaningPage: ({ project }) =>
    project === null
      ? []
      : [{ selection: { project, days: null, isNew: false, where: null }, after: null }],
  probe: once,
};

/** Operations that are not asked by projects. */
const OF_ALL: readonly Name[] = [
  ...(['overview', 'keptSpans', 'saidSince', 'countrySince', 'agesSince'] as const),
  ...(['projects', 'cleanings', 'probe'] as const),
];

/** Values whose people are asked for one by one, and fields. */
const SOME = 8;

/** Rows of an export that are compared. */
const EXPORTED = 1000;

/** Every question that the store answers, about a project or all. */
export function storeQuestions(about: AskedAbout): StoreQuestion[] {
  const names = (Object.keys(MAKE) as Name[]).filter(
    (name) => about.project === null || !OF_ALL.includes(name),
  );
  return names.flatMap((name) => MAKE[name](about).map((question) => ({ name, question })));
}

const daysOf = ({ project, from, to }: AskedAbout) => ({ project, from, to });

function daysOnce(about: AskedAbout) {
  return [daysOf(about)];
}

/** One that takes no question. */
function once(): readonly [undefined] {
  return [undefined];
}

const windowsOf = ({ to }: AskedAbout) =>
  [1, 7, 28].map((days) => ({ firstDay: to - days + 1, lastDay: to }));

/** The dimensions that reports say: `event`, and fields. */
const saidOf = ({ values }: AskedAbout): string[] =>
  [...new Set(['event', ...values.map(({ dimension }) => dimension)])]
    .filter((name) => name === 'event' || name.startsWith('field:'))
    .slice(0, SOME);

const dimensionsOf = (about: AskedAbout): string[] => [...PEOPLE_DIMENSIONS, ...saidOf(about)];
