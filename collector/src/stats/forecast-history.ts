import { EVENT_DIMENSION, eventOfField } from '../rules/dimensions.js';
import { firstWhole } from '../rules/kept-spans.js';
import { bucketsFrom } from './bucket.js';
import { askTotals, countTotals } from './count-series.js';
import type { CountsReader } from './define-question.js';
import type { ForecastFigure } from './forecast-reasons.js';
import type { GapsQuestion } from '../store/questions.js';
import type { Questions } from '../store/store.js';
import { refuseParameter } from './parameters.js';

/** Days before the last one asked for that a forecast is made from. */
const HISTORY_DAYS = 3 * 365;

/**
 * Reads the parameters `metric` and `of`.
 *
 * @throws `bad_parameter`
 */
export function readFigure({
  metric = 'active',
  of,
}: {
  readonly metric?: ForecastFigure['metric'];
  readonly of?: string;
}): ForecastFigure {
  if (of === undefined) return { metric, of: null };
  if (metric !== 'reports') {
    refuseParameter('of', 'Only reports are forecast by event or field.', ['metric=reports']);
  }
  const event = /^event:(.+)$/.exec(of)?.[1];
  if (event !== undefined) return { metric, of: { dimension: EVENT_DIMENSION, value: event } };
  if (eventOfField(of) !== undefined) return { metric, of: { dimension: of } };
  return refuseParameter('of', 'There is no such part of reports.', [
    'event:<event>',
    'field:<event>.<name>',
  ]);
}

/** The days up to a complete one, and those of them that are unusual. */
export async function readHistory(
  project: string | null,
  { metric, of }: ForecastFigure,
  last: number,
  store: CountsReader,
) {
  const span = { project, from: last - HISTORY_DAYS + 1, to: last };
  const kept = firstWhole(
    (await store.keptSpans()).filter(({ what }) => what === 'rollups'),
    Infinity,
  );
  const firstDay = Math.max(span.from, kept);
  const windows = bucketsFrom(firstDay, span.to, 'day');
  const questions: Questions & { readonly unusual: GapsQuestion } = {
    ...(of === null
      ? askTotals(metric === 'reports' ? 'reports' : 'active', { ...span, ci: false }, windows)
      : { reportWindows: { project, dimension: of.dimension, windows } }),
    unusual: { ...span, to: last + 1, ci: false },
  };
  const answers = await store.together(questions);
  const counts = (): readonly number[] => {
    if (of !== null) {
      const parts = (answers.reportWindows ?? []).filter(
        ({ value }) => of.value === undefined || value === of.value,
      );
      return windows.map((_, at) => parts.reduce((sum, part) => sum + (part.counts[at] ?? 0), 0));
    }
    return metric === 'new' ? (answers.peopleWindows?.firsts ?? []) : countTotals(answers, windows);
  };
  const { unusual } = answers;
  const own = unusual.filter((one) => project !== null || one.project === null);
  return { firstDay, counts: counts(), unusual, unusualDays: new Set(own.map(({ day }) => day)) };
}
