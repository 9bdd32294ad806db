import { type Language, useLanguage } from '../language/language.js';
import type { Twin } from '../page/twin.js';
import { type Count, countCell, drawn } from './count.js';
import { dayLabels } from './day-labels.js';
import { Gaps } from './gaps.js';
import { areaPath, linePath, lonePoints, middleOf, percent, valueScale } from './geometry.js';
import { Nobody } from './nobody.js';
import { Plot } from './plot.js';
import { valueTicks } from './ticks.js';

/** People by day, each day of a window that ends with it. */
export interface PeopleSeries {
  readonly days: readonly { readonly date: string; readonly people: Count }[];
  /** The smallest number of people that is shown (k). */
  readonly leastShown: number;
}

export const peopleTwin = (
  { days, leastShown }: PeopleSeries,
  { id, name, column }: { readonly id: string; readonly name: string; readonly column: string },
  language: Language,
): Twin => ({
  id,
  name,
  columns: [
    { key: 'date', name: language.texts.charts.day },
    { key: 'people', name: column },
  ],
  rows: days.map(({ date, people }) => [
    { value: date, text: language.formats.day(date) },
    countCell(people, leastShown, language),
  ]),
});

interface PeopleLineProps {
  readonly series: PeopleSeries;
  readonly twin: Twin;
  /** A sentence that says what the chart shows. */
  readonly label: string;
  /** In pixels. */
  readonly height?: number;
}

/** A line of people from zero, with the last number at its end. */
export const PeopleLine = ({ series: { days }, twin, label, height = 220 }: PeopleLineProps) => {
  const { texts, formats } = useLanguage();
  const isEmpty = days.every(({ people }) => people === 0);
  const values = days.map(({ people }) => (isEmpty ? null : drawn(people)));
  const slots = values.length;
  const ticks = valueTicks(0, Math.max(0, ...values.map((value) => value ?? 0)));
  const y = valueScale(0, ticks.at(-1) ?? 1, height);
  const end = values.findLastIndex((value) => value !== null);
  const last = values[end] ?? null;
  return (
    <Plot
      height={height}
      y={y}
      yTicks={ticks}
      yText={(tick) => formats.number(tick)}
      slots={slots}
      xLabels={dayLabels(
        days.map(({ date }) => date),
        formats,
      )}
      label={label}
      cursor={{ twin, slot: Math.max(0, slots - 1) }}
      under={
        <Gaps
          missing={days.map(({ people }) => drawn(people) === null)}
          slots={slots}
          height={height}
          title={texts.charts.notShown}
        />
      }
      inner={
        <>
          <path
            class="wash"
            d={areaPath(
              values.map((value) => (value === null ? null : [0, value])),
              y,
              slots,
            )}
          />
          <path class="line" d={linePath(values, y, slots)} />
        </>
      }
    >
      {lonePoints(values).map((i) => (
        <circle
          key={i}
          class="pt"
          cx={percent(middleOf(i, slots))}
          cy={y(values[i] ?? 0)}
          r="3.5"
        />
      ))}
      {isEmpty && <Nobody height={height} />}
      {last !== null && (
        <>
          <circle class="pt" cx={percent(middleOf(end, slots))} cy={y(last)} r="3.5" />
          <text
            x={percent(middleOf(end, slots))}
            y={y(last) - 10}
            class={end > slots / 2 ? 'e halo strong' : 'halo strong'}
          >
            {formats.number(last)}
          </text>
        </>
      )}
    </Plot>
  );
};
