import type { OpenedDay } from '../../../web/page/overview-content.js';
import type { Part } from '../../../web/page/part.js';
import { dayOfDate } from '../../rules/day.js';
import type { Asked } from '../gather.js';
import { mapPart, shownOf, tryPart } from '../try-part.js';
import type {
  AnnotationsAnswer,
  BreakdownAnswer,
  ForecastAnswer,
  GrowthAnswer,
  QualityAnswer,
} from './answers.js';
import { daysAfter } from './days.js';
import { DAY_DIMENSIONS, toOpenedDay } from './to-opened-day.js';

/** Asks what changed on the day that `?day=` names; `null` if it names none. */
export async function askOpenedDay({ view, query, want }: Asked): Promise<Part<OpenedDay> | null> {
  const { day: date = '' } = query;
  if (dayOfDate(date) === undefined || date > view.today) return null;
  const before = daysAfter(date, -7);
  const of = { from: date, to: date };
  const ask = <Body>(path: string, asked: Readonly<Record<string, string>>) =>
    tryPart(want<Body>(`/v1/stats/${path}`, asked));
  const people = (dimension: string, to: string) =>
    ask<BreakdownAnswer>('breakdown', { dimension, metric: 'people', window: '1d', to });
  const [byDay, annotations, quality, forecast, ...tables] = await Promise.all([
    ask<GrowthAnswer>('growth', { window: '1d', ...of }),
    ask<AnnotationsAnswer>('annotations', of),
    ask<QualityAnswer>('quality', of),
    ask<ForecastAnswer>('forecast', of),
    ...DAY_DIMENSIONS.map(async (dimension) => {
      const [on, then] = await Promise.all([people(dimension, date), people(dimension, before)]);
      return { dimension, on: shownOf(on), before: shownOf(then) };
    }),
  ]);
  return mapPart(byDay, (days) =>
    toOpenedDay(
      {
        ...{ byDay: days, forecast: shownOf(forecast), annotations: shownOf(annotations) },
        ...{ quality: shownOf(quality), tables },
      },
      { date, before },
    ),
  );
}
