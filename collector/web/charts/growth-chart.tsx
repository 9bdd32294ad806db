import { type Language, useLanguage } from '../language/language.js';
import type { Twin } from '../page/twin.js';
import { axisText } from './axis-text.js';
import { countText, drawn } from './count.js';
import { dayLabels } from './day-labels.js';
import { Gaps } from './gaps.js';
import { middleOf, percent, pixels, type Scale, valueScale } from './geometry.js';
import type { GrowthPeriod, GrowthSeries } from './growth-twin.js';
import { Legend } from './legend.js';
import { Nobody } from './nobody.js';
import { Plot } from './plot.js';
import { valueTicks } from './ticks.js';
import { NARROW_PX, xLabels } from './x-labels.js';

const SHARE_OF_SLOT = 0.52;
const LABEL_UP = 7;
/** Room for `+10.1%`, and for all of them on a page of 640 px: nothing stands at the right. */
const CHANGE_PX = 41;
const CHANGES_PX = 540;

export interface GrowthChartProps {
  readonly series: GrowthSeries;
  readonly twin: Twin;
  /** In pixels. */
  readonly height?: number;
}

/** New people and those who came back above the ground, lost ones below it. */
export const GrowthChart = ({ series, twin, height = 190 }: GrowthChartProps) => {
  const language = useLanguage();
  const { texts, formats } = language;
  const { periods } = series;
  const slots = periods.length;
  const isEmpty = isEmptyOf(series);
  const ticks = valueTicks(
    -Math.max(0, ...periods.map(({ lost, complete }) => (complete ? Number(drawn(lost)) : 0))),
    Math.max(0, ...periods.map(gained)),
  );
  const y = valueScale(ticks[0] ?? 0, ticks.at(-1) ?? 1, height);
  const dates = periods.map(({ date }) => date);
  const changePlace = changeClass(slots);

  return (
    <>
      <Legend
        items={[
          { of: 'solid', text: texts.charts.newKey },
          { of: 'back', text: texts.charts.cameBackKey },
          { of: 'lost', text: texts.charts.lostKey },
          ...(periods.every(({ complete }) => complete)
            ? []
            : [{ of: 'hatch' as const, text: texts.charts.periods[series.period].notOver }]),
        ]}
      />
      <Plot
        height={height}
        y={y}
        yTicks={ticks}
        yText={(tick) => axisText(Math.abs(tick), language)}
        slots={slots}
        xLabels={
          series.period === 'day'
            ? dayLabels(dates, formats)
            : xLabels(dates.map((date) => formats.day(date)))
        }
        label={sentence(series, language)}
        cursor={{ twin, slot: Math.max(0, slots - 1) }}
        under={
          <Gaps
            missing={periods.map((period) => period.complete && isUnknown(period))}
            slots={slots}
            height={height}
            title={texts.charts.notShown}
          />
        }
      >
        {isEmpty && <Nobody height={height} />}
        {periods.map((period, i) => (
          <Bars key={period.date} period={period} index={i} slots={slots} y={y} />
        ))}
        {changePlace !== null &&
          periods.map(
            (period, i) =>
              period.complete &&
              period.change !== null && (
                <text
                  key={period.date}
                  x={percent(middleOf(i, slots))}
                  y={y(gained(period)) - LABEL_UP}
                  class={changePlace}
                >
                  {formats.change(period.change)}
                </text>
              ),
          )}
        <line class="axis" x2="100%" y1={y(0)} y2={y(0)} />
      </Plot>
    </>
  );
};

interface BarsProps {
  readonly period: GrowthPeriod;
  readonly index: number;
  readonly slots: number;
  readonly y: Scale;
}

const Bars = ({ period, index, slots, y }: BarsProps) => {
  const bar = (name: string, from: number, to: number) =>
    from !== to && (
      <rect
        class={name}
        x={percent(middleOf(index, slots) - SHARE_OF_SLOT / slots / 2)}
        width={percent(SHARE_OF_SLOT / slots)}
        y={y(to)}
        height={pixels(y(from) - y(to))}
      />
    );
  if (!period.complete) return <>{bar('hatch', 0, gained(period))}</>;
  const added = Number(drawn(period.new));
  return (
    <>
      {bar('f1', 0, added)}
      {bar('back', added, gained(period))}
      {bar('f0', -Number(drawn(period.lost)), 0)}
    </>
  );
};

/** Whether nobody came or went in any period, and that is known. */
const isEmptyOf = ({ periods }: GrowthSeries): boolean =>
  periods.every((one) =>
    [one.active, one.new, one.cameBack, one.lost].every((count) => count === 0),
  );

const gained = (period: GrowthPeriod): number =>
  Number(drawn(period.new)) + Number(drawn(period.cameBack));

const isUnknown = (period: GrowthPeriod): boolean =>
  [period.new, period.cameBack, period.lost].every((count) => drawn(count) === null);

/** Changes stand above their bars as far as there is room; else in the table alone. */
const changeClass = (slots: number): string | null => {
  if (slots * CHANGE_PX <= NARROW_PX) return 'm halo';
  return slots * CHANGE_PX <= CHANGES_PX ? 'm halo alt' : null;
};

function sentence(series: GrowthSeries, language: Language): string {
  const { period, periods, leastShown } = series;
  const { texts, formats } = language;
  if (isEmptyOf(series)) return texts.charts.nobody;
  const last = periods.findLast(({ complete }) => complete);
  if (last === undefined) return texts.charts.nothing;
  return texts.charts.growthSentence({
    from: `${texts.charts.periods[period].from} ${formats.day(last.date)}`,
    active: countText(last.active, leastShown, language),
    change: last.change === null ? texts.charts.unknown : formats.change(last.change),
  });
}
