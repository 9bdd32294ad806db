import type { Language } from '../language/language.js';
import type { Twin } from '../page/twin.js';
import { isLong } from './time-labels.js';
import type { Slot } from './version-slots.js';

export interface TimeLine {
  readonly name: string;
  /** In the CSV, with its unit: `p99_ms`. */
  readonly key: string;
  readonly slot: Slot;
  /** One for each moment; `null` if it was not measured. */
  readonly values: readonly (number | null)[];
}

/** Values over time: memory, processor, answer times. */
export interface TimeSeries {
  /** In the page's URL, such as `answer-time`. */
  readonly id: string;
  readonly name: string;
  /** ISO 8601 moments, evenly spaced. */
  readonly moments: readonly string[];
  readonly zone: string;
  readonly lines: readonly TimeLine[];
  /** What is usual at each moment. */
  readonly band?: readonly (readonly [low: number, high: number] | null)[];
  readonly threshold?: number;
}

export const timeTwin = (
  { id, name, moments, zone, lines }: TimeSeries,
  valueText: (value: number) => string,
  { texts, formats }: Language,
): Twin => ({
  id,
  name,
  columns: [
    { key: 'time', name: texts.charts.time },
    ...lines.map((line) => ({ key: line.key, name: line.name })),
  ],
  rows: moments.map((moment, i) => [
    {
      value: moment,
      text: isLong(moments) ? formats.moment(moment, zone) : formats.time(moment, zone),
    },
    ...lines.map(({ values }) => {
      const value = values[i] ?? null;
      return { value, text: value === null ? texts.charts.unknown : valueText(value) };
    }),
  ]),
});
