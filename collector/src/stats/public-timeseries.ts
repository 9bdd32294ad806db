import { toBucketRow } from './bucket.js';
import type { Asked, CountsReader } from './define-question.js';
import { atLeastOf } from './merged.js';
import { refuseParameter, type Unit } from './parameters.js';
import { refuseDropped } from './refuse-dropped.js';
import { askPublicSeries, readPublicDays } from './public-series.js';
import { sayIfUnknown } from './said-since.js';

/** The parameters of a time series by a dimension, with their defaults. */
interface GroupedQuestion {
  readonly group_by: string;
  readonly unit: Unit;
  readonly interval: string;
  readonly window: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly limit: number;
}

/** What the public sees of a series by a dimension: the days that its windows end with. */
export async function askPublicTimeseries(
  asked: Asked,
  { group_by, unit, interval, window, from, to, limit }: GroupedQuestion,
  store: Pick<CountsReader, 'together' | 'keptSpans' | 'saidSince' | 'countrySince' | 'agesSince'>,
) {
  if (interval !== 'day') {
    refuseParameter('interval', 'Without a token, groups are counted by day; see window.', ['day']);
  }
  const series = await askPublicSeries(asked, store, {
    ...{ dimension: group_by, unit, parameter: 'group_by', window: window ?? '1d', limit },
    span: (lastDay) => readPublicDays({ from, to }, lastDay, asked.today),
  });
  const first = series.windows[0]?.firstDay ?? asked.today;
  await refuseDropped(store, { what: 'rollups', from: first });
  return {
    ...{ project: asked.project, metric: 'active' as const, unit: 'people' as const },
    ...{ population: 'people' as const, interval, window: window ?? null, group_by },
    groups_left_out: series.leftOut,
    unusual: series.unusual.dates,
    ...series.merged,
    ...(await sayIfUnknown(store, { dimension: group_by, unit, zone: asked.zone, from: first })),
    timezone: asked.zone,
    as_of: series.madeAt.toISOString(),
    rows: series.windows.flatMap((span, at) => {
      const day = { firstDay: span.lastDay, lastDay: span.lastDay };
      const row = toBucketRow(day, asked.zone, series.madeAt);
      return series.groups.flatMap(({ group, values }) => {
        const value = values[at] ?? null;
        if (value === null) return [];
        const mark = atLeastOf(group, value, series.isShort[at]);
        return { ...row, group, value, unusual: series.unusual.isIn(span), ...mark };
      });
    }),
  };
}
