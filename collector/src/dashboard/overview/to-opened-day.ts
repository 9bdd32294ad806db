import type { DayTable, OpenedDay } from '../../../web/page/overview-content.js';
import { refusedShare } from '../../morning/find-warnings.js';
import type {
  AnnotationsAnswer,
  BreakdownAnswer,
  ForecastAnswer,
  GrowthAnswer,
  QualityAnswer,
} from './answers.js';
import { toNotes, toReleases } from './to-active-days.js';

/** What a day is looked at by. */
export const DAY_DIMENSIONS = ['version', 'os', 'channel'] as const;

/** Values of a table: those with the largest changes. */
const MOST_VALUES = 6;

export interface OpenedDayAnswers {
  /** Windows of 1 day: that of the day. */
  readonly byDay: GrowthAnswer;
  readonly forecast: ForecastAnswer | undefined;
  readonly annotations: AnnotationsAnswer | undefined;
  readonly quality: QualityAnswer | undefined;
  /** People of the day and of the day before it that it is compared with, by dimension. */
  readonly tables: readonly {
    readonly dimension: DayTable['dimension'];
    readonly on: BreakdownAnswer | undefined;
    readonly before: BreakdownAnswer | undefined;
  }[];
}

/** What changed on a day. */
export function toOpenedDay(
  { byDay, forecast, annotations, quality, tables }: OpenedDayAnswers,
  { date, before }: Pick<OpenedDay, 'date' | 'before'>,
): OpenedDay | undefined {
  const row = byDay.rows.find((one) => one.date === date);
  if (row === undefined) return undefined;
  const expected = forecast?.rows.find((one) => one.date === date);
  return {
    ...{ date, before, isOver: row.complete, people: row.active },
    expected: expected?.expected ?? null,
    reasons: expected?.reasons ?? [],
    releases: toReleases(annotations)
      .filter((release) => release.date === date)
      .map(({ version }) => version),
    notes: toNotes(annotations).filter((note) => note.date <= date && date <= note.to),
    checks: quality === undefined ? null : toChecks(quality),
    tables: tables.flatMap(({ dimension, on, before: then }) =>
      on === undefined || then === undefined ? [] : [toTable(dimension, on, then)],
    ),
  };
}

function toChecks(quality: QualityAnswer): OpenedDay['checks'] {
  const { accepted, late } = quality;
  return {
    refusedShare: refusedShare(quality),
    lateShare: accepted === 0 ? 0 : late / accepted,
    lost: quality.lost_in_restore,
  };
}

function toTable(
  dimension: DayTable['dimension'],
  on: BreakdownAnswer,
  before: BreakdownAnswer,
): DayTable {
  const [now, then] = [on, before].map(
    ({ rows }) => new Map(rows.map(({ value, count }) => [value, count])),
  );
  const rows = [...new Set([...(now?.keys() ?? []), ...(then?.keys() ?? [])])]
    .map((value) => ({
      value,
      people: now?.get(value) ?? missingIn(on),
      before: then?.get(value) ?? missingIn(before),
    }))
    .sort((a, b) => Math.abs(changeOf(b)) - Math.abs(changeOf(a)));
  return { dimension, rows: rows.slice(0, MOST_VALUES) };
}

/** People of a value that an answer does not have: none, unless it leaves values out. */
const missingIn = ({ merged, values_left_out: leftOut }: BreakdownAnswer): number | null =>
  merged === undefined && leftOut === 0 ? 0 : null;

const changeOf = ({ people, before }: { people: number | null; before: number | null }): number =>
  (people ?? 0) - (before ?? 0);
