import { type DayForecast, type Forecast, LEAST_DAYS } from '../forecast/day-forecast.js';
import { forecastDays } from '../forecast/forecast-days.js';
import { ACTIVITY_DAYS } from '../rules/activity-bits.js';
import { columnsOf } from './answer.js';
import { bucketsFrom, toBucketRow } from './bucket.js';
import { type Asked, type CountsReader, type Define } from './define-question.js';
import { EXPLAINED_FROM, isExplained } from './explained-change.js';
import { type ForecastAnswer, forecastQuery, forecastSchema } from './forecast-answer.js';
import { readFigure, readHistory } from './forecast-history.js';
import { findReasons, type ForecastFigure, type Reason } from './forecast-reasons.js';
import { areReadable, readCells } from './read-cells.js';
import { readDays } from './parameters.js';
import { refuseDropped } from './refuse-dropped.js';
import { toUnusualDays } from './unusual.js';

/** Remarkable days in an answer whose reasons are looked for: the last ones. */
const EXPLAINED_DAYS = 3;

/** `GET /v1/stats/forecast`: what was expected of each day, and which days are remarkable. */
export function defineForecast(define: Define): void {
  define({
    path: '/v1/stats/forecast',
    summary: 'What was to be expected of each day, which days are remarkable, and why',
    query: forecastQuery,
    answer: forecastSchema,
    rows: ({ rows }) =>
      rows.map(({ flags, reasons, unusual, ...row }) => ({
        ...row,
        flags: flags.join(' '),
        reasons: reasons.map(({ text }) => text).join('; '),
        unusual,
      })),
    ndjsonRows: ({ rows }) => rows,
    columns: columnsOf(forecastSchema),
    handler: async (asked, query, store) => {
      const { project, zone, today, asOf } = asked;
      const { from, to } = readDays(query, 'day', today);
      const figure = readFigure(query);
      const unit: ForecastAnswer['unit'] = figure.metric === 'reports' ? 'reports' : 'people';
      const last = Math.min(to, today - 1);
      const history = await readHistory(project, figure, last, store);
      await refuseDropped(store, { what: 'rollups', from });
      const forecast = forecastDays(history);
      const days = forecast.ok ? forecast.days : [];
      const byDay = new Map(days.map((one) => [one.day, one]));
      const reasons = await explain(asked, figure, from, days, store);
      const unusual = toUnusualDays(history.unusual.filter(({ day }) => day >= from));
      return {
        project,
        metric: figure.metric,
        of: query.of ?? null,
        unit,
        timezone: zone,
        as_of: asOf.toISOString(),
        ...statusOf(forecast),
        unusual: unusual.dates,
        rows: bucketsFrom(from, Math.min(to, today), 'day').map((bucket) => {
          const { firstDay: day } = bucket;
          const one = byDay.get(day);
          const observed = day <= last ? (history.counts[day - history.firstDay] ?? 0) : null;
          return {
            ...toBucketRow(bucket, zone, asOf),
            expected: one?.expectation ? round(one.expectation.expected) : null,
            low: one?.expectation?.low ?? null,
            high: one?.expectation?.high ?? null,
            observed,
            flags: [...(one?.flags ?? [])],
            reasons: [...(reasons.get(day) ?? [])].map(toAnswer),
            unusual: unusual.isIn(bucket),
          };
        }),
      };
    },
  });
}

/** The reasons for the last remarkable days, by the day. */
async function explain(
  asked: Asked,
  figure: ForecastFigure,
  from: number,
  days: readonly DayForecast[],
  store: CountsReader,
): Promise<ReadonlyMap<number, readonly Reason[]>> {
  const remarkable = days.filter((one) => one.day >= from && isExplained(one));
  const found = new Map<number, readonly Reason[]>();
  const explained = remarkable.slice(-EXPLAINED_DAYS);
  const first = explained[0]?.day ?? 0;
  const last = explained.at(-1)?.day ?? 0;
  // About how many days of people are kept, so that nothing is read in vain.
  const kept = days.slice(-ACTIVITY_DAYS).reduce((sum, { observed }) => sum + (observed ?? 0), 0);
  const cells =
    figure.metric === 'active' && explained.length > 0 && areReadable(kept)
      ? await readCells(asked.project, first - EXPLAINED_FROM, last, store)
      : undefined;
  for (const one of explained) {
    found.set(one.day, await findReasons(asked, figure, one, days, store, cells));
  }
  return found;
}

function statusOf(
  forecast: Forecast,
): Pick<ForecastAnswer, 'status' | 'days_known' | 'days_needed'> {
  if (!forecast.ok) {
    const { days, needed } = forecast.error;
    return { status: 'too_few_days', days_known: days, days_needed: needed };
  }
  return { status: 'ok', days_known: forecast.days.length - 1, days_needed: LEAST_DAYS };
}

const toAnswer = ({
  where,
  share,
  values,
  ...rest
}: Reason): ForecastAnswer['rows'][number]['reasons'][number] => ({
  ...rest,
  values: { ...values },
  where: where.map((one) => ({ ...one })),
  share: share === null ? null : Math.round(share * 100) / 100,
});

/** A forecast has no more than one place after the point. */
const round = (expected: number): number => Math.round(expected * 10) / 10;
