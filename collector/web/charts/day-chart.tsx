import { type Language, useLanguage } from '../language/language.js';
import type { Twin } from '../page/twin.js';
import { axisText } from './axis-text.js';
import { countText, drawn } from './count.js';
import { dayLabels } from './day-labels.js';
import type { DaySeries } from './day-twin.js';
import { Flags } from './flags.js';
import { Gaps } from './gaps.js';
import { areaPath, linePath, lonePoints, middleOf, percent, valueScale } from './geometry.js';
import { Legend, type LegendItem } from './legend.js';
import { Nobody } from './nobody.js';
import { Plot } from './plot.js';
import { mastsOf, ReleaseMasts, releasesBySlot, topFor } from './release-masts.js';
import { RunningBar } from './running-bar.js';
import { valueTicks } from './ticks.js';

export interface DayChartProps {
  readonly series: DaySeries;
  readonly twin: Twin;
  /** In pixels. */
  readonly height?: number;
}

/** Active people by day, with the forecast and its band, flagged days and releases. */
export const DayChart = ({ series, twin, height = 270 }: DayChartProps) => {
  const language = useLanguage();
  const { texts, formats } = language;
  const { days, ahead, flags } = series;
  const dates = [...days, ...ahead].map(({ date }) => date);
  const slots = dates.length;
  const releases = releasesBySlot(series.releases, dates);
  const masts = mastsOf(releases, slots);
  const top = topFor(masts);

  const bands = [...days, ...ahead].map(({ forecast }) => forecast);
  const active = days.map((day) => drawn(day.active));
  const isEmpty = isEmptyOf(series);
  const known = days.map((day, i) => (day.complete && !isEmpty ? (active[i] ?? null) : null));
  const compared = days.map((day) => drawn(day.compared ?? null));
  const ticks = valueTicks(
    0,
    Math.max(0, ...[...active, ...compared].map(Number), ...bands.map((band) => band?.high ?? 0)),
  );
  const y = valueScale(0, ticks.at(-1) ?? 1, height, top);
  const running = days.findIndex((day) => !day.complete);
  const firstAhead = running < 0 ? days.length : running;

  return (
    <>
      <Legend items={legendOf(series, releases.length > 0, language)} />
      <Plot
        height={height}
        y={y}
        yTicks={ticks}
        yText={(tick) => axisText(tick, language)}
        slots={slots}
        xLabels={dayLabels(dates, formats)}
        label={sentence(series, language)}
        cursor={{ twin, slot: Math.max(0, days.length - 1) }}
        under={
          <Gaps
            missing={days.map((day, i) => day.complete && active[i] === null)}
            slots={slots}
            height={height}
            top={top}
            title={texts.charts.notShown}
          />
        }
        inner={
          <>
            <path
              class="band"
              d={areaPath(
                bands.map((band) => band && [band.low, band.high]),
                y,
                slots,
              )}
            />
            <path
              class="band-e"
              d={linePath(
                bands.map((band) => band && band.low),
                y,
                slots,
              )}
            />
            <path
              class="band-e"
              d={linePath(
                bands.map((band) => band && band.high),
                y,
                slots,
              )}
            />
            <path
              class="ghost"
              d={linePath(
                bands.slice(firstAhead).map((band) => band && band.expected),
                y,
                slots,
                firstAhead,
              )}
            />
            <path class="ghost compared" d={linePath(compared, y, slots)} />
            <path class="line" d={linePath(known, y, slots)} />
          </>
        }
      >
        {isEmpty && <Nobody height={height} />}
        {lonePoints(known).map((i) => (
          <circle key={i} class="pt" cx={percent(middleOf(i, slots))} cy={y(known[i] ?? 0)} r="3" />
        ))}
        {running >= 0 && !isEmpty && (
          <RunningBar
            slot={running}
            slots={slots}
            value={active[running] ?? null}
            text={countText(days[running]?.active ?? null, series.leastShown, language)}
            y={y}
          />
        )}
        <ReleaseMasts releases={releases} masts={masts} slots={slots} height={height} />
        <Flags
          flags={flags.map(({ date, href }) => {
            const slot = dates.indexOf(date);
            return { slot, href, title: formats.weekday(date), value: active[slot] ?? 0 };
          })}
          slots={slots}
          y={y}
        />
      </Plot>
    </>
  );
};

/** Whether nobody came on any of the days, and that is known. */
const isEmptyOf = ({ days }: DaySeries): boolean => days.every(({ active }) => active === 0);

function legendOf(
  { days, ahead, flags }: DaySeries,
  hasReleases: boolean,
  { texts: { charts } }: Language,
): readonly LegendItem[] {
  const items: readonly (LegendItem & { readonly isThere: boolean })[] = [
    {
      of: 'line',
      text: charts.activeKey,
      isThere: days.some(({ active, complete }) => complete && drawn(active) !== null),
    },
    {
      of: 'band',
      text: charts.forecastKey,
      isThere: ahead.length > 0 || days.some(({ forecast }) => forecast !== null),
    },
    {
      of: 'compared',
      text: charts.comparedKey,
      isThere: days.some(({ compared }) => drawn(compared ?? null) !== null),
    },
    { of: 'hatch', text: charts.dayNotOver, isThere: days.some(({ complete }) => !complete) },
    {
      of: 'unknown',
      text: charts.notShown,
      isThere: days.some(({ active, complete }) => complete && drawn(active) === null),
    },
    { of: 'flag', text: charts.outsideBand, isThere: flags.length > 0 },
    { of: 'rel', text: charts.releaseKey, isThere: hasReleases },
  ];
  return items.filter(({ isThere }) => isThere);
}

function sentence(series: DaySeries, language: Language): string {
  const { days, flags, leastShown } = series;
  const { texts, formats } = language;
  const complete = days.filter((day) => day.complete);
  const figures = complete.flatMap(({ active }) => drawn(active) ?? []);
  const [first, last, running] = [complete[0], complete.at(-1), days.find((day) => !day.complete)];
  if (isEmptyOf(series)) return texts.charts.nobody;
  return texts.charts.and([
    ...(first !== undefined && last !== undefined && figures.length > 0
      ? [
          texts.charts.daySentence({
            days: formats.number(complete.length),
            first: formats.day(first.date),
            last: formats.day(last.date),
            least: formats.number(Math.min(...figures)),
            most: formats.number(Math.max(...figures)),
          }),
        ]
      : []),
    ...(flags.length > 0
      ? [texts.charts.dayFlags(formats.list(flags.map(({ date }) => formats.day(date))))]
      : []),
    ...(running !== undefined
      ? [texts.charts.dayRuns(countText(running.active, leastShown, language))]
      : []),
  ]);
}
