import { type Change, dayChange, windowChange } from './change.js';
import {
  forecastWarnings,
  qualityWarnings,
  silenceWarnings,
  unusualWarnings,
  type Warning,
} from './find-warnings.js';
import type {
  AnnotationsAnswer,
  ForecastAnswer,
  GrowthAnswer,
  QualityAnswer,
  SilenceAnswer,
} from './morning-answers.js';

/** What a maintainer looks at in the morning: the figures of complete days, and what is remarkable. */
export interface Morning {
  readonly timezone: string;
  /** The last complete day. */
  readonly date: string;
  /** People of the running day, which is compared with nothing. */
  readonly today: number;
  /** What is expected of the running day; `null` if the caller may not know, or too few days are known. */
  readonly expected_today: { readonly low: number; readonly high: number } | null;
  readonly windows: readonly Change[];
  /** The last 28 complete days, oldest first. */
  readonly days: readonly { readonly date: string; readonly people: number }[];
  /** Releases and notes of the last {@link TOLD_DAYS} days and the running one. */
  readonly annotations: AnnotationsAnswer['rows'];
  /** How long ago the last report came; `null` if the caller may not know. */
  readonly silence: string | null;
  readonly warnings: readonly Warning[];
}

/** The days that are drawn. */
export const DRAWN_DAYS = 28;

/** Remarkable days are told for so many days. */
export const TOLD_DAYS = 7;

/** What a morning is made of. What the caller may not see is left out. */
export interface MorningAnswers {
  /** Windows of one day, at least {@link DRAWN_DAYS} complete days and the running one. */
  readonly byDay: GrowthAnswer;
  /** Windows of 7 days, for each of the last 7 complete days. */
  readonly byWeek: GrowthAnswer;
  /** Windows of 28 days, for each of the last 28 complete days. */
  readonly byMonth: GrowthAnswer;
  /** The last {@link TOLD_DAYS} complete days and the running one. */
  readonly forecast?: ForecastAnswer | undefined;
  readonly annotations?: AnnotationsAnswer | undefined;
  readonly silence?: SilenceAnswer | undefined;
  /** The quality of the last {@link TOLD_DAYS} days, and of the {@link DRAWN_DAYS} before. */
  readonly quality?: { readonly recent: QualityAnswer; readonly usual: QualityAnswer } | undefined;
}

/** The last complete day among the rows of an answer. */
export const lastComplete = ({ rows }: GrowthAnswer): string | undefined =>
  rows.findLast(({ complete }) => complete)?.date;

/** @returns `undefined` if no day is complete. */
export function toMorning(answers: MorningAnswers): Morning | undefined {
  const { byDay, byWeek, byMonth, forecast, annotations, silence, quality } = answers;
  const date = lastComplete(byDay);
  if (date === undefined) return undefined;
  const complete = byDay.rows.filter((row) => row.complete);
  const running = byDay.rows.find((row) => !row.complete);
  const expected = forecast?.rows.find((row) => row.date === running?.date);
  const windows = [dayChange(byDay), windowChange(7, byWeek), windowChange(28, byMonth)];
  const told = new Set(byDay.rows.slice(-TOLD_DAYS - 1).map((row) => row.date));
  return {
    timezone: byDay.timezone,
    date,
    today: running?.active ?? 0,
    expected_today:
      typeof expected?.low === 'number' && typeof expected.high === 'number'
        ? { low: expected.low, high: expected.high }
        : null,
    windows: windows.filter((one) => one !== undefined),
    days: complete.slice(-DRAWN_DAYS).map((row) => ({ date: row.date, people: row.active })),
    annotations: (annotations?.rows ?? []).map(({ date, to, kind, text }) => ({
      ...{ date, to, kind, text },
    })),
    silence: silence?.rows.find(({ kind }) => kind === 'project')?.text ?? null,
    warnings: [
      ...(silence === undefined ? [] : silenceWarnings(silence)),
      ...(quality === undefined ? [] : qualityWarnings(quality.recent, quality.usual)),
      ...unusualWarnings({ unusual: byDay.unusual.filter((day) => told.has(day)) }),
      ...(forecast === undefined ? [] : forecastWarnings(forecast)),
    ],
  };
}
