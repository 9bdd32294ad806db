import { atLeast } from '../access/level.js';
import type { DayForecast } from '../forecast/day-forecast.js';
import { type Cause, explainChange, type ValueCounts } from '../forecast/explain-change.js';
import { findCountingProblems, type QualityCount } from '../forecast/find-counting-problems.js';
import { judgeSpread, type Spread } from '../forecast/judge-spread.js';
import type { QualityKind } from '../rules/counted-report.js';
import { DAY_MS, startOfDay } from '../rules/day.js';
import { EVENT_DIMENSION } from '../rules/dimensions.js';
import { TooCostlyError, type ValueWindows } from '../store/questions.js';
import { askGroups } from './count-series.js';
import type { Asked, CountsReader } from './define-question.js';
import { changeOf, type ExplainedChange } from './explained-change.js';
import type { Cells } from './read-cells.js';
import {
  describeCause,
  describeProblem,
  describeSpread,
  NOTHING_COUNTED,
  type ReasonCode,
  type ToldReason,
} from './describe-reason.js';

/** The figures that are forecast. */
export const FORECAST_METRICS = ['active', 'new', 'reports'] as const;

/** One of {@link FORECAST_METRICS}. */
export type ForecastMetric = (typeof FORECAST_METRICS)[number];

/** What is forecast. */
export interface ForecastFigure {
  readonly metric: ForecastMetric;
  /** The reports that are counted: those of one event, or with a field; `null` for all. */
  readonly of: { readonly dimension: string; readonly value?: string } | null;
}

/** A reason for a day that lies outside what was expected. */
export interface Reason extends ToldReason {
  readonly kind: 'counting_problem' | 'values' | 'spread' | 'unclear';
  readonly where: Cause['where'];
  readonly share: number | null;
}

type Scope = Pick<Asked, 'project' | 'zone' | 'level' | 'seesAll'>;
type Reader = Pick<CountsReader, 'together'>;

const OF_PEOPLE = ['os', 'version', 'os_version', 'arch', 'runtime', 'runtime_version'];

/** The dimensions that changes are looked for in. New people have none, nor has a single event. */
function dimensionsOf({ metric, of }: ForecastFigure): readonly string[] {
  if (metric === 'active') return OF_PEOPLE;
  if (metric === 'new' || of?.value !== undefined) return [];
  return [of?.dimension ?? EVENT_DIMENSION];
}

/** Days before a day that say how many reports have problems usually. */
const USUAL_DAYS = 28;

/** From so many expected on, none at all is no chance. */
const NEVER_NONE = 10;

/**
 * Finds the reasons for a flagged day: for a fall, what has to do with counting first, then the
 * values in which the change lies.
 *
 * @param days - All days of the forecast.
 * @param cells - Those of active people, from {@link EXPLAINED_FROM} before the day.
 */
export async function findReasons(
  asked: Scope,
  figure: ForecastFigure,
  one: DayForecast,
  days: readonly DayForecast[],
  store: Reader,
  cells?: Cells,
): Promise<readonly Reason[]> {
  const change = changeOf(one, days);
  const { missing } = change;
  const problems = missing > 0 ? await askProblems(asked, change, store) : [];
  const isNothing = change.totals.at(-1) === 0 && missing >= NEVER_NONE;
  const found = isNothing
    ? undefined
    : await askCauses(asked.project, figure, change, store, cells);
  const showsCounts = asked.seesAll && atLeast(asked.level, 'developer');
  return [
    ...problems.map((problem) => reason('counting_problem', describeProblem(problem, showsCounts))),
    ...(isNothing ? [reason('counting_problem', told('nothing_counted', NOTHING_COUNTED))] : []),
    ...(found?.causes ?? []).map((cause) =>
      reason('values', told('values', describeCause(cause, missing)), cause),
    ),
    ...(found?.causes.length === 0 ? [spreadReason(found.spread, figure)] : []),
  ];
}

const spreadReason = (spread: Spread, { metric, of }: ForecastFigure): Reason => {
  const ofReports = of === null ? 'events' : 'values of the field';
  const text =
    metric === 'reports'
      ? describeSpread(spread, ofReports, 'reports')
      : describeSpread(spread, 'systems, versions and runtimes', 'people');
  return spread === 'unclear'
    ? reason('unclear', told('unclear', text))
    : reason('spread', told(`spread_${spread}`, text));
};

const told = (code: ReasonCode, text: string): ToldReason => ({ text, code, values: {} });

const reason = (
  kind: Reason['kind'],
  reasonTold: ToldReason,
  { where, share }: Partial<Cause> = {},
): Reason => ({ kind, ...reasonTold, where: where ?? [], share: share ?? null });

/** Requests that were refused unread count for no project, so those of all are looked at. */
async function askProblems(
  { project, zone }: Scope,
  { spans, missing }: ExplainedChange,
  store: Reader,
): Promise<readonly QualityCount[]> {
  const { firstDay = 0, lastDay = 0 } = spans.at(-1) ?? {};
  const from = Math.floor(startOfDay(firstDay, zone) / DAY_MS);
  const to = Math.floor((startOfDay(lastDay + 1, zone) - 1) / DAY_MS);
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
  figure: ForecastFigure,
  change: ExplainedChange,
  store: Reader,
  cells: Cells | undefined,
): Promise<{ readonly causes: readonly Cause[]; readonly spread: Spread } | undefined> {
  const { metric } = figure;
  const dimensions = dimensionsOf(figure);
  if (dimensions.length === 0 || metric === 'new') return undefined;
  const days = change.spans.flatMap(({ firstDay, lastDay }) =>
    Array.from({ length: lastDay - firstDay + 1 }, (_, at) => firstDay + at),
  );
  const windows = days.map((day) => ({ firstDay: day, lastDay: day }));
  const bySpan = <Counted extends { readonly counts: readonly number[] }>(one: Counted) => ({
    ...one,
    counts: change.spans.map(({ firstDay, lastDay }) =>
      one.counts.reduce((sum, count, at) => {
        const day = days[at] ?? 0;
        return day >= firstDay && day <= lastDay ? sum + count : sum;
      }, 0),
    ),
  });
  const values: ValueCounts[] = [];
  for (const dimension of dimensions) {
    const found = await askValues(metric, { project, dimension, windows }, store);
    if (found === undefined) return undefined;
    values.push(...found.map(({ value, counts }) => bySpan({ dimension, value, counts })));
  }
  const bothBySpan = cells?.on(days).map(bySpan);
  return {
    causes: explainChange(change, values, bothBySpan),
    spread: judgeSpread(change, values, bothBySpan),
  };
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
