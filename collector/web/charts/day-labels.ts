import type { Formats } from '../language/formats.js';
import { DAY_STEPS, type XLabel, xLabels } from './x-labels.js';

const MONDAY = 1;

/** Labels of days, on Mondays if there is no room for each day. */
export const dayLabels = (
  dates: readonly string[],
  formats: Formats,
  isNarrow = false,
): readonly XLabel[] =>
  xLabels(
    dates.map((date) => formats.day(date)),
    {
      steps: DAY_STEPS,
      first: Math.max(
        0,
        dates.findIndex((date) => new Date(date).getUTCDay() === MONDAY),
      ),
      isNarrow,
    },
  );
