import type { Twin } from '../page/twin.js';
import { middleOf, percent, pixels, valueScale } from './geometry.js';
import { Nobody } from './nobody.js';
import { Plot } from './plot.js';
import { valueTicks } from './ticks.js';
import type { XLabel } from './x-labels.js';

export interface BarSeries {
  readonly name: string;
  /** The class that fills it, such as `f1`. */
  readonly fill: string;
  /** One for each row of the twin. */
  readonly values: readonly number[];
}

export interface StackedBarsProps {
  readonly twin: Twin;
  /** From the ground up. */
  readonly series: readonly BarSeries[];
  readonly xLabels: readonly XLabel[];
  readonly yText: (tick: number) => string;
  /** A sentence that says what the chart shows. */
  readonly label: string;
  /** Slots that still run: they are hatched, not stacked. */
  readonly isRunning?: (slot: number) => boolean;
  /** In pixels. */
  readonly height?: number;
}

const SHARE_OF_SLOT = 0.72;
/** Paper between two parts of a bar, in pixels. */
const GAP = 1;
/** A part that is more than nothing can be seen. */
const LEAST_PX = 1.5;

/** Bars of parts, one upon the other, over a line of slots. */
export const StackedBars = (props: StackedBarsProps) => {
  const { twin, series, isRunning = () => false, height = 160 } = props;
  const slots = twin.rows.length;
  const sums = twin.rows.map((_, i) =>
    series.reduce((sum, { values }) => sum + (values[i] ?? 0), 0),
  );
  const ticks = valueTicks(0, Math.max(0, ...sums));
  const y = valueScale(0, ticks.at(-1) ?? 1, height);
  const bar = (slot: number, name: string, from: number, to: number) => {
    const px = y(from) - y(to);
    return (
      to > from && (
        <rect
          key={`${name} ${slot}`}
          class={name}
          x={percent(middleOf(slot, slots) - SHARE_OF_SLOT / slots / 2)}
          width={percent(SHARE_OF_SLOT / slots)}
          y={pixels(y(from) - Math.max(px, LEAST_PX))}
          height={pixels(px > LEAST_PX + GAP && from > 0 ? px - GAP : Math.max(px, LEAST_PX))}
        />
      )
    );
  };
  return (
    <Plot
      height={height}
      y={y}
      yTicks={ticks}
      yText={props.yText}
      slots={slots}
      xLabels={props.xLabels}
      label={props.label}
      cursor={{ twin, slot: Math.max(0, slots - 1) }}
    >
      {sums.every((sum) => sum === 0) && <Nobody height={height} />}
      {sums.map((sum, slot) => {
        if (isRunning(slot)) return bar(slot, 'hatch', 0, sum);
        let from = 0;
        return series.map(({ fill, values }) => {
          const to = from + (values[slot] ?? 0);
          const drawn = bar(slot, fill, from, to);
          from = to;
          return drawn;
        });
      })}
    </Plot>
  );
};
