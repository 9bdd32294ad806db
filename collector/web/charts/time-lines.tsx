import { useLanguage } from '../language/language.js';
import type { Twin } from '../page/twin.js';
import { Gaps } from './gaps.js';
import { areaPath, linePath, lonePoints, middleOf, percent } from './geometry.js';
import { Legend } from './legend.js';
import { Plot } from './plot.js';
import { timeAxis } from './time-axis.js';
import { timeLabels } from './time-labels.js';
import type { TimeLine, TimeSeries } from './time-series.js';

export interface TimeLinesProps {
  readonly series: TimeSeries;
  readonly twin: Twin;
  readonly valueText: (value: number) => string;
  /** For values that differ a hundredfold: each step up is ten times as much. */
  readonly isLogarithmic?: boolean;
  /** Stands in a column beside others. */
  readonly isNarrow?: boolean;
  /** In pixels. */
  readonly height?: number;
}

/** Lines of values over time, with what is usual and a limit. */
export const TimeLines = (props: TimeLinesProps) => {
  const { series, twin, valueText, height = 130 } = props;
  const { texts, formats } = useLanguage();
  const { lines, moments, band, threshold } = series;
  const slots = moments.length;
  const known = lines.flatMap(({ values }) => values.filter((value) => value !== null));
  const limits = [...(band ?? []).flatMap((range) => range ?? []), threshold ?? 0];
  const { ticks, y } = timeAxis([...known, ...limits], height, props.isLogarithmic === true);

  return (
    <>
      {lines.length > 1 && (
        <Legend items={lines.map(({ slot, name }) => ({ of: slot, text: name }))} />
      )}
      <Plot
        height={height}
        y={y}
        yTicks={ticks}
        yText={valueText}
        slots={slots}
        xLabels={timeLabels(moments, series.zone, formats, props.isNarrow === true)}
        label={
          lines.some(({ values }) => values.some((value) => value !== null))
            ? lines.map((line) => sentence(line, series)).join(' ')
            : texts.charts.nothing
        }
        cursor={{ twin, slot: Math.max(0, slots - 1) }}
        under={
          <Gaps
            missing={moments.map((_, i) =>
              lines.every(({ values }) => (values[i] ?? null) === null),
            )}
            slots={slots}
            height={height}
            title={texts.charts.unknown}
          />
        }
        inner={
          <>
            {band !== undefined && <path class="band" d={areaPath(band, y, slots)} />}
            {lines.map(({ key, slot, values }) => (
              <path
                key={key}
                class={`line ${lines.length > 1 ? '' : 'thin '}l${slot}`}
                d={linePath(values, y, slots)}
              />
            ))}
          </>
        }
      >
        {threshold !== undefined && (
          <>
            <line class="limit" x2="100%" y1={y(threshold)} y2={y(threshold)} />
            <text x="100%" y={y(threshold) - 5} class="e halo">
              {texts.charts.threshold(valueText(threshold))}
            </text>
          </>
        )}
        {known.length === 0 && (
          <text x="50%" y={height / 2} class="m halo strong">
            {texts.charts.nothing}
          </text>
        )}
        {lines.flatMap(({ key, slot, values }) =>
          lonePoints(values).map((i) => (
            <circle
              key={`${key} ${i}`}
              class={`pt l${slot}`}
              cx={percent(middleOf(i, slots))}
              cy={y(values[i] ?? 0)}
              r="2.5"
            />
          )),
        )}
      </Plot>
    </>
  );

  function sentence({ name, values }: TimeLine, { name: chart }: TimeSeries): string {
    const figures = values.filter((value) => value !== null);
    const last = values.at(-1) ?? null;
    return texts.charts.timeSentence({
      name: lines.length > 1 ? texts.charts.named(chart, name) : chart,
      least: figures.length > 0 ? valueText(Math.min(...figures)) : texts.charts.unknown,
      most: figures.length > 0 ? valueText(Math.max(...figures)) : texts.charts.unknown,
      last: last === null ? texts.charts.unknown : valueText(last),
    });
  }
};
