import type { Formats } from '../language/formats.js';
import { DAY_STEPS, type XLabel, xLabels } from './x-labels.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Every how many moments a label of the time may stand. */
const STEPS = [1, 2, 3, 6, 12, 18, 36, 72, 144, 288, 576, 1152];

/** Whether moments lie in more than a day, so that a time alone does not tell which is meant. */
export const isLong = (moments: readonly string[]): boolean =>
  Date.parse(moments.at(-1) ?? '') - Date.parse(moments[0] ?? '') > DAY_MS;

/** Labels of moments: times within a day, else each day at its first moment. */
export function timeLabels(
  moments: readonly string[],
  zone: string,
  formats: Formats,
  isNarrow: boolean,
): readonly XLabel[] {
  if (!isLong(moments)) {
    const times = moments.map((moment) => formats.time(moment, zone));
    return xLabels(times, { steps: STEPS, isNarrow });
  }
  const dates = moments.map(dateIn(zone));
  const first = dates.findIndex((date) => date !== dates[0]);
  const lengthMs = Date.parse(moments.at(-1) ?? '') - Date.parse(moments[0] ?? '');
  const perDay = Math.max(1, Math.round(DAY_MS / (lengthMs / (moments.length - 1))));
  return xLabels(
    dates.map((date) => formats.day(date)),
    { steps: DAY_STEPS.map((days) => days * perDay), first, isNarrow },
  );
}

/** The date of moments in a time zone, `2026-10-14`. */
function dateIn(zone: string): (moment: string) => string {
  // Canada writes dates as ISO 8601 does.
  const format = new Intl.DateTimeFormat('en-CA', {
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
    timeZone: zone,
  });
  return (moment) => format.format(new Date(moment));
}
