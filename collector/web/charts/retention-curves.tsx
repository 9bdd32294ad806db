import { type Language, useLanguage } from '../language/language.js';
import type { Twin } from '../page/twin.js';
import { linesTwin } from './lines-twin.js';
import { type ShareLine, ShareLines } from './share-lines.js';
import { xLabels } from './x-labels.js';

/** With more points than these, a line is enough. */
const MOST_POINTS = 30;

export interface RetentionCurvesSeries {
  readonly period: 'week' | 'month';
  /** The share active again; the first of each is that of the first period itself, 1. */
  readonly lines: readonly ShareLine[];
}

export const retentionCurvesTwin = (
  { period, lines }: RetentionCurvesSeries,
  name: string,
  language: Language,
): Twin =>
  linesTwin(
    lines,
    {
      id: 'retention-curves',
      name,
      column: { key: 'after', name: language.texts.charts.periodsAfter[period] },
    },
    language,
  );

export interface RetentionCurvesProps {
  readonly series: RetentionCurvesSeries;
  readonly twin: Twin;
  /** In pixels. */
  readonly height?: number;
}

/** How many are active again, by weeks or months after the first. */
export const RetentionCurves = ({ series, twin, height = 220 }: RetentionCurvesProps) => {
  const { texts, formats } = useLanguage();
  const { lines, period } = series;
  const slots = twin.rows.length;
  const ends = lines.map(({ name, shares }) => {
    const last = shares.findLast((share) => share !== null) ?? null;
    return texts.charts.named(name, last === null ? texts.charts.unknown : formats.percent(last));
  });
  return (
    <ShareLines
      lines={lines}
      slots={slots}
      xLabels={xLabels(
        Array.from({ length: slots }, (_, i) =>
          i === 0 ? texts.charts.firstPeriod : formats.number(i),
        ),
      )}
      label={
        slots === 0
          ? texts.charts.nothing
          : texts.charts.curvesSentence({
              periods: texts.charts.periodsAfter[period],
              last: formats.number(slots - 1),
              shares: formats.list(ends),
            })
      }
      twin={twin}
      height={height}
      hasPoints={slots <= MOST_POINTS}
      hasEnds
    />
  );
};
