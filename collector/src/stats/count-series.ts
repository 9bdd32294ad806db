import { EVENT_DIMENSION, eventOfField } from '../rules/dimensions.js';
import { VALUE_WINDOW_DAYS } from '../rules/tally.js';
import type { GapsQuestion, UnusualDay, WindowsQuestion } from '../store/questions.js';
import type { Answers, Questions, StoreReader } from '../store/store.js';
import { countActive, countAll, type DayWindow } from './windows.js';

/** The figures that can be counted over time. */
export const METRICS = ['active', 'new', 'returning', 'reports'] as const;

/** One of {@link METRICS}. */
export type Metric = (typeof METRICS)[number];

/** A figure for each window. */
export interface Series {
  /** The value of the dimension, if people or reports are grouped by one. */
  readonly group?: string;
  readonly values: readonly number[];
  /** For active people, how many are how sure; `null` if a window is too long for that. */
  readonly certainty?: Readonly<
    Record<'certain' | 'likely' | 'ephemeral', readonly number[] | null>
  >;
}

/** The questions whose answers {@link countTotals} needs. */
export function askTotals(
  metric: 'active' | 'reports',
  question: GapsQuestion,
  windows: readonly DayWindow[],
): Pick<Questions, 'peopleWindows' | 'reports'> {
  const { project, ci } = question;
  return metric === 'reports' ? { reports: question } : { peopleWindows: { project, ci, windows } };
}

/** Counts all active people, or all reports, in each window. */
export function countTotals(
  { peopleWindows, reports }: Pick<Answers<Questions>, 'peopleWindows' | 'reports'>,
  windows: readonly DayWindow[],
): readonly number[] {
  return reports === undefined ? (peopleWindows?.active ?? []) : countAll(reports, windows);
}

/**
 * Counts a figure in each window. Active people are also counted by how sure they are.
 *
 * @returns The figures, and the unusual days among those of the question.
 */
export async function countSeries(
  store: Pick<StoreReader, 'together'>,
  metric: Metric,
  question: GapsQuestion,
  windows: readonly DayWindow[],
): Promise<Series & { readonly unusual: readonly UnusualDay[] }> {
  if (metric === 'new' || metric === 'returning') {
    const { peopleWindows, unusual } = await store.together({
      peopleWindows: { project: question.project, ci: question.ci, windows },
      unusual: question,
    });
    const { active, firsts } = peopleWindows;
    if (metric === 'new') return { values: firsts, unusual };
    return { values: active.map((value, at) => value - (firsts[at] ?? 0)), unusual };
  }
  const isBanded = metric === 'active' && !question.ci;
  const isShort = windows.every((one) => one.lastDay - one.firstDay < VALUE_WINDOW_DAYS);
  const questions: Questions & { unusual: GapsQuestion } = {
    ...askTotals(metric, question, windows),
    unusual: question,
    ...(isBanded && isShort && { valueGaps: { ...question, dimension: 'certainty' } }),
  };
  const answers = await store.together(questions);
  const { unusual } = answers;
  const totals = countTotals(answers, windows);
  if (!isBanded) return { values: totals, unusual };

  const { valueGaps: all } = answers;
  if (all === undefined) {
    const certainty = { certain: null, likely: null, ephemeral: null };
    return { values: totals, certainty, unusual };
  }
  const of = (certainty: string): readonly number[] =>
    countActive(
      all.filter(({ value }) => value === certainty),
      windows,
    );
  const certainty = { certain: of('certain'), likely: of('likely'), ephemeral: of('ephemeral') };
  return { values: totals, certainty, unusual };
}

/** The questions whose answers {@link countTotalsOf} needs. */
export function askTotalsOf({
  project,
  dimension,
  windows,
}: WindowsQuestion): Pick<Questions, 'peopleWindows' | 'valuePeople'> {
  const event = eventOfField(dimension);
  return event === undefined
    ? { peopleWindows: { project, ci: false, windows } }
    : { valuePeople: { project, dimension: EVENT_DIMENSION, value: event, windows } };
}

/**
 * Counts the people whom a dimension tells apart, in each window: all active ones, and for a field
 * those with its event.
 *
 * @param groups - Where the event is counted as `other`, these people were there all the same.
 */
export function countTotalsOf(
  { peopleWindows, valuePeople }: Pick<Answers<Questions>, 'peopleWindows' | 'valuePeople'>,
  groups: readonly Pick<Series, 'values'>[],
): readonly number[] {
  return valuePeople === undefined
    ? (peopleWindows?.active ?? [])
    : valuePeople.map((n, at) => Math.max(n, ...groups.map(({ values }) => values[at] ?? 0)));
}

/** The questions whose answers {@link countGroups} needs. */
export function askGroups(
  metric: 'active' | 'reports',
  question: WindowsQuestion,
): Pick<Questions, 'valueWindows' | 'reportWindows'> {
  return metric === 'reports' ? { reportWindows: question } : { valueWindows: question };
}

/**
 * The counts of a figure in each window, for each value of a dimension with any count. Values are
 * ordered by their sums, largest first.
 *
 * @param from - The windows before this one were asked for something else.
 */
export function countGroups(
  { valueWindows = [], reportWindows }: Pick<Answers<Questions>, 'valueWindows' | 'reportWindows'>,
  from = 0,
): Required<Pick<Series, 'group' | 'values'>>[] {
  return (reportWindows ?? valueWindows)
    .map(({ value, counts }) => ({
      group: value,
      values: from === 0 ? counts : counts.slice(from),
    }))
    .map((series) => ({ ...series, total: sum(series.values) }))
    .filter(({ total }) => total > 0)
    .sort((a, b) => b.total - a.total || (a.group < b.group ? -1 : 1))
    .map(({ group, values }) => ({ group, values }));
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
