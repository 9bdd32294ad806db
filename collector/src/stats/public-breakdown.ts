import { toBucketRow } from './bucket.js';
import type { Asked, CountsReader } from './define-question.js';
import { atLeastOf } from './merged.js';
import { readDays, refuseParameter, type Unit } from './parameters.js';
import { refuseDropped } from './refuse-dropped.js';
import { askPublicSeries } from './public-series.js';
import { sayIfUnknown } from './said-since.js';

/** The parameters of a breakdown, with their defaults. */
interface BreakdownQuestion {
  readonly dimension: string;
  readonly unit: Unit;
  readonly window: string;
  readonly to: string | undefined;
  readonly limit: number;
}

/** What the public sees of a breakdown: the window up to the last complete day, or one before it. */
export async function askPublicBreakdown(
  asked: Asked,
  { dimension, unit, window, to, limit }: BreakdownQuestion,
  store: Pick<CountsReader, 'together' | 'keptSpans' | 'saidSince' | 'countrySince' | 'agesSince'>,
) {
  const series = await askPublicSeries(asked, store, {
    ...{ dimension, unit, parameter: 'dimension', window, limit },
    span: (lastDay) => {
      const day = to === undefined ? lastDay : readDays({ from: to, to }, 'day', asked.today).to;
      const end = Math.min(day, lastDay);
      return { from: end, to: end };
    },
  });
  const [span] = series.windows;
  if (span === undefined) {
    return refuseParameter(
      'to',
      'Without a token, windows follow on each other, back from the last complete day.',
    );
  }
  await refuseDropped(store, {
    what: 'rollups',
    from: series.windows[0]?.firstDay ?? asked.today,
    parameter: to === undefined ? 'window' : 'to',
  });
  const total = series.totals[0] ?? null;
  return {
    ...{ project: asked.project, dimension, unit: 'people' as const, window },
    ...toBucketRow(span, asked.zone, series.madeAt),
    total,
    values_left_out: series.leftOut,
    unusual: series.unusual.dates,
    ...series.merged,
    ...(await sayIfUnknown(store, { dimension, unit, zone: asked.zone, from: span.firstDay })),
    timezone: asked.zone,
    as_of: series.madeAt.toISOString(),
    rows: series.groups.map(({ group: value, values: [people] }) => {
      const count = people ?? 0;
      return {
        value,
        count,
        share: total === null ? 0 : count / total,
        ...atLeastOf(value, count, series.isShort[0]),
      };
    }),
  };
}
