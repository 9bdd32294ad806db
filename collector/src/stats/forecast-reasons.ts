import { atLeast } from '../access/level.js';
import type { DayForecast } from '../forecast/day-forecast.js';
import { REFERENCE_DAYS } from '../forecast/expected-shares.js';
import { type Cause, explainChange, type ValueCounts } from '../forecast/explain-change.js';
import { findCountingProblems, type QualityCount } from '../forecast/find-counting-problems.js';
import type { QualityKind } from '../rules/counted-report.js';
import { DAY_MS, startOfDay } from '../rules/day.js';
import { EVENT_DIMENSION } from '../rules/dimensions.js';
import { TooCostlyError, type ValueWindows } from '../store/questions.js';
import { askGroups } from './count-series.js';
import type { Asked, CountsReader } from './define-question.js';
import type { Cells } from './read-cells.js';
import { describeCause, describeProblem, NOTHING_COUNTED, SPREAD } from './describe-reason.js';

/** The figures that are forecast. */
export const FORECAST_METRICS = ['active', 'new', 'reports'] as const;

/** One of {@link FORECAST_METRICS}. */
export type ForecastMetric = (typeof FORECAST_METRICS)[number];

/** A reason for a day that lies outside what was expected. */
export interface Reason {
  readonly kind: 'counting_problem' | 'values' | 'spread';
  readonly text: string;
  readonly where: Cause['where'];
  readonly share: number | null;
}

type Scope = Pick<Asked, 'project' | 'zone' | 'level' | 'seesAll'>;
type Reader = Pick<CountsReader, 'together'>;

/** The dimensions that changes are looked for in. New people have none. */
const DIMENSIONS: Readonly<Record<ForecastMetric, readonly string[]>> = {
  active: ['os', 'version', 'os_version', 'arch', 'runtime', 'runtime_version'],
  new: [],
  reports: [EVENT_DIMENSION],
};

/** Days before a day that say how many reports have problems usually. */
const USUAL_DAYS = 28;

/** From so many expected on, none at all is no chance. */
const NEVER_NONE = 10;

/**
 * Finds the reasons for a `low` or `high` day: for a fall, what has to do with counting first, then
 * the values in which the change lies.
 *
 * @param days - All days of the forecast.
 * @param cells - Those of active people, from {@link REFERENCE_DAYS} before the day.
 */
export async function findReasons(
  asked: Scope,
  metric: ForecastMetric,
  one: DayForecast,
  days: readonly DayForecast[],
  store: Reader,
  cells?: Cells,
): Promise<readonly Reason[]> {
  const missing = (one.expectation?.expected ?? 0) - (one.observed ?? 0);
  const problems = missing > 0 ? await askProblems(asked, one.day, missing, store) : [];
  const isNothing = one.observed === 0 && missing >= NEVER_NONE;
  const causes = isNothing ? [] : await askCauses(asked.project, metric, one, days, store, cells);
  const showsCounts = asked.seesAll && atLeast(asked.level, 'developer');
  return [
    ...problems.map((problem) => reason('counting_problem', describeProblem(problem, showsCounts))),
    ...(isNothing ? [reason('counting_problem', NOTHING_COUNTED)] : []),
    ...(causes ?? []).map((cause) => reason('values', describeCause(cause, missing), cause)),
    ...(!isNothing && causes?.length === 0 ? [reason('spread', SPREAD)] : []),
  ];
}

const reason = (
  kind: Reason['kind'],
  text: string,
  { where, share }: Partial<Cause> = {},
): Reason => ({ kind, text, where: where ?? [], share: share ?? null });

/** Requests that were refused unread count for no project, so those of all are looked at. */
async function askProblems(
  { project, zone }: Scope,
  day: number,
  missing: number,
  store: Reader,
): Promise<readonly QualityCount[]> {
  const from = Math.floor(startOfDay(day, zone) / DAY_MS);
  const to = Math.floor((startOfDay(day + 1, zone) - 1) / DAY_MS);
  const before = { from: from - USUAL_DAYS, to: from - 1 };
  const qualityOf = async (of: string | null, span: { from: number; to: number }) =>
    (await store.together({ quality: { project: of, ...span } })).quality;
  const own = await qualityOf(project, { from, to });
  const ownBefore = await qualityOf(project, before);
  const all = await qualityOf(null, { from, to });
  const allBefore = await qualityOf(null, before);
  const days = (to - from + 1) / USUAL_DAYS;
  const kinds = new Set([...Object.keys(own), ...Object.keys(all)]) as Set<QualityKind>;
  const counts = [...kinds].map((kind): QualityCount => {
    const isOfAll = kind.startsWith('rejected:') || !(kind in own);
    const [on, earlier] = isOfAll ? [all, allBefore] : [own, ownBefore];
    return { kind, observed: on[kind] ?? 0, usual: (earlier[kind] ?? 0) * days };
  });
  // Of other projects, only what counts for none concerns this one.
  const concerning = counts.filter(
    ({ kind }) => kind in own || kind.startsWith('rejected:') || OF_NO_PROJECT.has(kind),
  );
  return findCountingProblems(missing, concerning);
}

const OF_NO_PROJECT: ReadonlySet<string> = new Set(['lost_in_restore', 'unknown_losses']);

/** @returns `undefined` if there are no dimensions, or the question is too costly. */
async function askCauses(
  project: string | null,
  metric: ForecastMetric,
  { day, expectation, observed }: DayForecast,
  days: readonly DayForecast[],
  store: Reader,
  cells: Cells | undefined,
): Promise<readonly Cause[] | undefined> {
  if (DIMENSIONS[metric].length === 0 || metric === 'new') return undefined;
  const before = days.filter((other) => other.day < day && other.day >= day - REFERENCE_DAYS);
  const all = [...before.map((other) => other.day), day];
  const windows = all.map((one) => ({ firstDay: one, lastDay: one }));
  const values: ValueCounts[] = [];
  for (const dimension of DIMENSIONS[metric]) {
    const found = await askValues(metric, { project, dimension, windows }, store);
    if (found === undefined) return undefined;
    values.push(...found.map(({ value, counts }) => ({ dimension, value, counts })));
  }
  const change = {
    expected: expectation?.expected ?? 0,
    totals: [...before.map((other) => other.observed ?? 0), observed ?? 0],
    isOrdinary: [
      ...before.map((other) => other.observed !== null && other.flags.length === 0),
      false,
    ],
  };
  return explainChange(change, values, cells?.on(all));
}

async function askValues(
  metric: 'active' | 'reports',
  question: Parameters<typeof askGroups>[1],
  store: Reader,
): Promise<readonly ValueWindows[] | undefined> {
  try {
    const { valueWindows, reportWindows } = await store.together(askGroups(metric, question));
    return reportWindows ?? valueWindows;
  } catch (error) {
    if (error instanceof TooCostlyError) return undefined;
    throw error;
  }
}
