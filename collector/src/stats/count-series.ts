import { NEVER_BEFORE, VALUE_WINDOW_DAYS } from '../counting/tally.js';
import type { DaysQuestion, StoreReader, ValuesQuestion } from '../store/store.js';
import { countActive, countAll, type DayWindow } from './windows.js';

/** What can be counted over time. */
export const METRICS = ['active', 'new', 'returning', 'reports'] as const;

/** One of {@link METRICS}. */
export type Metric = (typeof METRICS)[number];

/** A figure, of each window. */
export interface Series {
  /** The value it is of, where a dimension tells apart. */
  readonly group?: string;
  readonly values: readonly number[];
  /** Of active people, how sure it is of each: of none where a window is too long for that. */
  readonly certainty?: Readonly<
    Record<'certain' | 'likely' | 'ephemeral', readonly number[] | null>
  >;
}

/** Counts all active people, or all reports, in each of some windows. */
export async function countTotals(
  store: StoreReader,
  metric: 'active' | 'reports',
  question: DaysQuestion & { readonly ci: boolean },
  windows: readonly DayWindow[],
): Promise<readonly number[]> {
  return metric === 'reports'
    ? countAll(await store.reports(question), windows)
    : countActive(await store.gaps(question), windows);
}

/** Counts a figure in each of some windows; of active people with how sure it is. */
export async function countSeries(
  store: StoreReader,
  metric: Metric,
  question: DaysQuestion & { readonly ci: boolean },
  windows: readonly DayWindow[],
): Promise<Series> {
  if (metric === 'new' || metric === 'returning') {
    const gaps = await store.gaps(question);
    const firsts = gaps.filter(({ gap }) => gap === NEVER_BEFORE);
    const news = countAll(firsts, windows);
    if (metric === 'new') return { values: news };
    const active = countActive(gaps, windows);
    return { values: active.map((value, at) => value - (news[at] ?? 0)) };
  }
  const totals = await countTotals(store, metric, question, windows);
  if (metric === 'reports' || question.ci) return { values: totals };

  if (windows.some(({ firstDay, lastDay }) => lastDay - firstDay >= VALUE_WINDOW_DAYS)) {
    return { values: totals, certainty: { certain: null, likely: null, ephemeral: null } };
  }
  const all = await store.valueGaps({ ...question, dimension: 'certainty' });
  const of = (certainty: string): readonly number[] =>
    countActive(
      all.filter(({ value }) => value === certainty),
      windows,
    );
  const certainty = { certain: of('certain'), likely: of('likely'), ephemeral: of('ephemeral') };
  return { values: totals, certainty };
}

/**
 * Counts a figure in each of some windows for each value of a dimension that any of them has. Most
 * first, by their sum over the windows.
 */
export async function countGroups(
  store: StoreReader,
  metric: 'active' | 'reports',
  question: ValuesQuestion,
  windows: readonly DayWindow[],
): Promise<Required<Pick<Series, 'group' | 'values'>>[]> {
  const groups =
    metric === 'reports'
      ? [...groupByValue(await store.reportValues(question))].map(
          ([group, counts]) => [group, countAll(counts, windows)] as const,
        )
      : [...groupByValue(await store.valueGaps(question))].map(
          ([group, counts]) => [group, countActive(counts, windows)] as const,
        );
  return groups
    .map(([group, values]) => ({ group, values }))
    .filter(({ values }) => values.some((value) => value > 0))
    .sort((a, b) => sum(b.values) - sum(a.values) || (a.group < b.group ? -1 : 1));
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

function groupByValue<Count extends { readonly value: string }>(
  counts: readonly Count[],
): Map<string, Count[]> {
  const groups = new Map<string, Count[]>();
  for (const count of counts) {
    const group = groups.get(count.value);
    if (group) group.push(count);
    else groups.set(count.value, [count]);
  }
  return groups;
}
