import { dateOfDay, dayOfDate } from '../../rules/day.js';
import { EVENT_DIMENSION } from '../../rules/dimensions.js';
import { type Asked, RefusedError } from '../gather.js';

/** Whole weeks of a trend. */
const WEEKS = 13;

/** Events with a trend: those with most people. */
const MOST_EVENTS = '50';

/** How the people of events went, week by week. */
export interface Trends {
  /** The first day of each week. */
  readonly weeks: readonly string[];
  readonly of: (event: string) => readonly (number | null)[];
}

interface Timeseries {
  readonly merged?: object;
  readonly rows: readonly {
    readonly date: string;
    readonly complete: boolean;
    readonly group?: string;
    readonly value: number;
  }[];
}

/** Asks for the people of each event in the whole weeks up to the last day of the view. */
export async function askTrends({ need, view }: Pick<Asked, 'need' | 'view'>): Promise<Trends> {
  try {
    const rows = await askWeeks({ need, view });
    const weeks = [...new Set(rows.map(({ date }) => date))].slice(-WEEKS);
    return {
      weeks,
      of: (event) => {
        const values = new Map(
          rows.flatMap(({ group, date, value }) => (group === event ? [[date, value]] : [])),
        );
        return values.size === 0 ? [] : weeks.map((date) => values.get(date) ?? null);
      },
    };
  } catch (error) {
    // So many weeks are no longer kept: there is no trend.
    if (error instanceof RefusedError && error.refusal.code === 'bad_parameter') return NONE;
    throw error;
  }
}

const NONE: Trends = { weeks: [], of: () => [] };

async function askWeeks({ need, view }: Pick<Asked, 'need' | 'view'>): Promise<Timeseries['rows']> {
  const from = dateOfDay((dayOfDate(view.to) ?? 0) - 7 * WEEKS);
  const { rows } = await need<Timeseries>('/v1/stats/timeseries', {
    ...{ group_by: EVENT_DIMENSION, interval: 'week', limit: MOST_EVENTS, from, to: view.to },
  });
  return rows.filter(({ complete }) => complete);
}
