import { type Language, useLanguage } from '../language/language.js';
import type { Twin } from '../page/twin.js';
import { dayLabels } from './day-labels.js';
import { EndLabels } from './end-labels.js';
import { Gaps } from './gaps.js';
import { areaPath, linePath, valueScale } from './geometry.js';
import { Legend } from './legend.js';
import { Nobody } from './nobody.js';
import { Plot } from './plot.js';
import { mastsOf, ReleaseMasts, releasesBySlot, topFor } from './release-masts.js';
import { drawnSeries, type ShareSeries, type StackedSeries } from './shares.js';

const TICKS = [0, 0.5, 1];
/** A thinner area has no room for its name beside it. */
const LEAST_NAMED = 0.055;

export interface StackedSharesProps {
  readonly stacked: StackedSeries;
  readonly twin: Twin;
  /** In pixels. */
  readonly height?: number;
}

/** Whether nothing is known of any day. */
const isEmptyOf = (series: readonly ShareSeries[]): boolean =>
  series.every(({ shares }) => shares.every((share) => share === null));

/** Shares by day, newest from the ground: each edge reads "this version and newer". */
export const StackedShares = ({ stacked, twin, height = 290 }: StackedSharesProps) => {
  const language = useLanguage();
  const { texts, formats } = language;
  const { dates } = stacked;
  const slots = dates.length;
  const series = drawnSeries(stacked, language);
  const releases = releasesBySlot(stacked.releases, dates);
  const masts = mastsOf(releases, slots);
  const top = topFor(masts);
  const y = valueScale(0, 1, height, top);
  const layers = stack(series, slots);

  return (
    <>
      <Legend
        items={[
          ...series.map(({ slot, name }) => ({ of: slot, text: name })),
          ...(stacked.lastIsRunning
            ? [{ of: 'hatch' as const, text: texts.charts.dayNotOver }]
            : []),
        ]}
      />
      <Plot
        height={height}
        y={y}
        yTicks={TICKS}
        yText={(tick) => formats.percent(tick)}
        slots={slots}
        xLabels={dayLabels(dates, formats)}
        label={sentence(stacked, series, language)}
        cursor={{ twin, slot: Math.max(0, slots - 1) }}
        under={
          <Gaps
            missing={dates.map((_, i) =>
              series.every(({ shares }) => (shares[i] ?? null) === null),
            )}
            slots={slots}
            height={height}
            top={top}
            title={texts.charts.notShown}
          />
        }
        inner={
          <>
            {series.map(({ name, slot }, i) => (
              <path key={name} class={`area f${slot}`} d={areaPath(layers[i] ?? [], y, slots)} />
            ))}
            {series.map(({ name }, i) => (
              <path
                key={name}
                class="sep"
                d={linePath(
                  (layers[i] ?? []).map((layer) => layer && layer[1]),
                  y,
                  slots,
                )}
              />
            ))}
          </>
        }
        right={
          <EndLabels
            height={height}
            top={top}
            labels={series.flatMap(({ name }, i) => {
              const [low, high] = layers[i]?.at(-1) ?? [0, 0];
              return high - low > LEAST_NAMED ? [{ name, y: y((low + high) / 2) }] : [];
            })}
          />
        }
      >
        {isEmptyOf(series) && <Nobody height={height} />}
        {slots === 1 &&
          series.map(({ name, slot }, i) => {
            const [low, high] = layers[i]?.[0] ?? [0, 0];
            return (
              <rect
                key={name}
                class={`area f${slot}`}
                x="45%"
                width="10%"
                y={y(high)}
                height={y(low) - y(high)}
              />
            );
          })}
        {stacked.lastIsRunning && slots > 1 && (
          <rect
            class="hatch"
            x={`${(1 - 1.5 / slots) * 100}%`}
            width={`${100 / slots}%`}
            y={top}
            height={y(0) - top}
          />
        )}
        <line class="half-rule" x2="100%" y1={y(0.5)} y2={y(0.5)} />
        <ReleaseMasts releases={releases} masts={masts} slots={slots} height={height} />
      </Plot>
    </>
  );
};

type Layer = readonly [low: number, high: number] | null;

/** Where each series lies on each day, upon those before it. */
function stack(series: readonly ShareSeries[], slots: number): readonly (readonly Layer[])[] {
  const ground = new Array<number>(slots).fill(0);
  const known = ground.map((_, i) => series.some(({ shares }) => (shares[i] ?? null) !== null));
  return series.map(({ shares }) =>
    ground.map((low, i) => {
      if (known[i] !== true) return null;
      const high = low + (shares[i] ?? 0);
      ground[i] = high;
      return [low, high] as const;
    }),
  );
}

function sentence(
  { dates }: StackedSeries,
  series: readonly ShareSeries[],
  { texts: { charts }, formats }: Language,
): string {
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) return charts.nothing;
  return charts.sharesSentence({
    first: formats.day(first),
    last: formats.day(last),
    shares: formats.list(
      series.map(({ name, shares }) => {
        const share = shares[dates.length - 1] ?? null;
        return charts.named(name, share === null ? charts.unknown : formats.share(share));
      }),
    ),
  });
}
