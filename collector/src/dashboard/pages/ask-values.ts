import type { Static } from 'typebox';
import type { ValueShares, ValueSpan } from '../../../web/page/value-shares.js';
import type { View } from '../../../web/page/view.js';
import { dateOfDay, dayOfDate } from '../../rules/day.js';
import type { breakdownSchema } from '../../stats/breakdown-route.js';
import { type Asked, RefusedError } from '../gather.js';

export type Breakdown = Static<typeof breakdownSchema>;

/** No breakdown has a longer window that is known for every dimension. */
const MOST_DAYS = 28;

/** A year of whole weeks, so that weekdays are compared with the same ones. */
const YEAR_DAYS = 364;

/**
 * The days of a view that values are counted in: at most four weeks, all of them over. The running day
 * would make the figures other than those of the overview, and smaller every morning.
 */
export function valueSpan({ from, to, today }: View): ValueSpan {
  const days = numberOf(to) - numberOf(from) + 1;
  return {
    days: Math.min(days, MOST_DAYS),
    to: to < today ? to : dateOfDay(numberOf(today) - 1),
  };
}

/** The view that pages with {@link valueSpan} show: a longer range has the values of 28 days. */
export function valueView(view: View): View {
  if (view.range !== '90d' && view.range !== '12m') return view;
  return { ...view, range: '28d', from: dateOfDay(numberOf(view.to) + 1 - MOST_DAYS) };
}

const numberOf = (date: string): number => dayOfDate(date) ?? 0;

/** What is asked of a dimension. */
export interface ValuesQuestion {
  readonly dimension: string;
  readonly metric: 'people' | 'reports';
  /** Values in the answer. */
  readonly limit: number;
}

/** Values that are compared: as many as an answer may have. */
const MOST_VALUES = '1000';

/** Asks how people spread over a dimension in the complete days of a view, and how that changed. */
export async function askValues(
  asked: Pick<Asked, 'need' | 'view'>,
  question: ValuesQuestion,
): Promise<{ readonly shown: Breakdown; readonly changeOf: (value: string) => number | null }> {
  const { need, view } = asked;
  const { dimension, metric } = question;
  const span = valueSpan(view);
  const window = `${span.days}d`;
  const path = '/v1/stats/breakdown';
  const shown = need<Breakdown>(path, {
    ...{ dimension, metric, window, to: span.to },
    limit: String(question.limit),
  });
  const compared = numberOf(span.to);
  const askCounts = async (to: number): Promise<ReadonlyMap<string, number>> => {
    const query = { dimension, metric, window, to: dateOfDay(to), limit: MOST_VALUES };
    try {
      const { rows, merged } = await need<Breakdown>(path, query);
      const bounds = new Set(merged?.at_least);
      return new Map(
        rows.flatMap(({ value, count }) => (bounds.has(value) ? [] : [[value, count]])),
      );
    } catch (error) {
      // These days are no longer kept: there is nothing to compare with.
      if (error instanceof RefusedError && error.refusal.code === 'bad_parameter') return NOTHING;
      throw error;
    }
  };
  const [body, now, before] = await Promise.all([
    shown,
    view.compare === 'none' ? NOTHING : askCounts(compared),
    view.compare === 'none'
      ? NOTHING
      : askCounts(compared - (view.compare === 'year' ? YEAR_DAYS : span.days)),
  ]);
  return {
    shown: body,
    changeOf: (value) => {
      const [one, other] = [now.get(value), before.get(value)];
      return one === undefined || other === undefined ? null : one / other - 1;
    },
  };
}

const NOTHING: ReadonlyMap<string, number> = new Map();

/** Asks for the values of a dimension as a page shows them. */
export async function askValueShares(
  asked: Pick<Asked, 'need' | 'view'>,
  question: ValuesQuestion,
): Promise<ValueShares> {
  const { shown, changeOf } = await askValues(asked, question);
  return {
    dimension: question.dimension,
    total: shown.total,
    leftOut: shown.values_left_out,
    mergedBelow: shown.merged?.below ?? null,
    rows: shown.rows.map(({ value, count, share }) => ({
      ...{ value, count, share, change: changeOf(value) },
    })),
  };
}
