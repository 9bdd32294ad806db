import { type Language, useLanguage } from '../language/language.js';
import type { Twin } from '../page/twin.js';
import { linesTwin } from './lines-twin.js';
import { type ShareLine, ShareLines } from './share-lines.js';
import { xLabels } from './x-labels.js';

const STEPS = [1, 7, 14, 28, 56, 112, 224];

/** One version by days since its release. */
export interface AdoptionLine extends ShareLine {
  /** After how many days half of all active people used it; `null` if not yet. */
  readonly daysToHalf: number | null;
}

export const adoptionTwin = (
  lines: readonly AdoptionLine[],
  name: string,
  language: Language,
): Twin =>
  linesTwin(
    lines,
    {
      id: 'adoption',
      name,
      column: { key: 'days', name: language.texts.charts.daysSinceRelease },
    },
    language,
  );

export interface AdoptionCurvesProps {
  readonly lines: readonly AdoptionLine[];
  readonly twin: Twin;
  /** In pixels. */
  readonly height?: number;
}

/** How fast versions were taken up: share by days since release, a ring at half. */
export const AdoptionCurves = ({ lines, twin, height = 190 }: AdoptionCurvesProps) => {
  const { texts, formats } = useLanguage();
  const slots = twin.rows.length;
  return (
    <ShareLines
      lines={lines}
      slots={slots}
      xLabels={xLabels(
        Array.from({ length: slots }, (_, i) => formats.number(i)),
        { steps: STEPS },
      )}
      label={
        lines.length === 0
          ? texts.charts.nothing
          : texts.charts.adoptionSentence(formats.list(lines.map(({ name }) => name)))
      }
      twin={twin}
      height={height}
      legend={lines.map(({ name, daysToHalf }) =>
        daysToHalf === null ? name : texts.charts.toHalf(name, daysToHalf),
      )}
      rings={lines.map(({ daysToHalf }) => daysToHalf)}
      hasHalf
    />
  );
};
