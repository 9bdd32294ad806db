import { useLanguage } from '../language/language.js';
import type { Twin } from '../page/twin.js';
import { EndLabels } from './end-labels.js';
import { linePath, lonePoints, middleOf, percent, valueScale } from './geometry.js';
import { Legend } from './legend.js';
import { Plot } from './plot.js';
import { valueTicks } from './ticks.js';
import type { Slot } from './version-slots.js';
import type { XLabel } from './x-labels.js';

/** A share for each place on x; `null` leaves a gap. */
export interface ShareLine {
  readonly name: string;
  readonly slot: Slot;
  readonly shares: readonly (number | null)[];
}

export interface ShareLinesProps {
  readonly lines: readonly ShareLine[];
  readonly slots: number;
  readonly xLabels: readonly XLabel[];
  /** A sentence that says what the chart shows. */
  readonly label: string;
  readonly twin: Twin;
  readonly height: number;
  /** What stands in the legend instead of the line's name. */
  readonly legend?: readonly string[];
  /** Points to be ringed, by line. */
  readonly rings?: readonly (number | null)[];
  /** Marks every point, where they are few. */
  readonly hasPoints?: boolean;
  /** Rules half. */
  readonly hasHalf?: boolean;
  /** Writes the names beside the ends of the lines. */
  readonly hasEnds?: boolean;
}

const QUARTER = 0.25;
const QUARTERS = [0, 0.25, 0.5, 0.75, 1];

/** Lines of shares over something that is counted: weeks after the first, days since a release. */
export const ShareLines = (props: ShareLinesProps) => {
  const { lines, slots, height, rings = [] } = props;
  const { texts, formats } = useLanguage();
  const most = Math.max(props.hasHalf === true ? 0.5 : 0, ...lines.flatMap(knownShares));
  const ticks =
    props.hasHalf === true
      ? QUARTERS.filter((tick) => tick < most + QUARTER && tick <= 1)
      : valueTicks(0, Math.min(1, most), { whole: false });
  const y = valueScale(0, ticks.at(-1) ?? 1, height);
  const point = (line: ShareLine, i: number, radius: number) => (
    <circle
      key={`${line.name} ${i}`}
      class={`pt l${line.slot}`}
      cx={percent(middleOf(i, slots))}
      cy={y(line.shares[i] ?? 0)}
      r={radius}
    />
  );
  return (
    <>
      <Legend
        items={lines.map(({ slot, name }, i) => ({ of: slot, text: props.legend?.[i] ?? name }))}
      />
      <Plot
        height={height}
        y={y}
        yTicks={ticks}
        yText={(tick) =>
          ticks.every(isWholePercent) ? formats.percent(tick) : formats.share(tick)
        }
        slots={slots}
        xLabels={props.xLabels}
        label={props.label}
        cursor={{ twin: props.twin, slot: Math.max(0, slots - 1) }}
        inner={lines.map(({ name, slot, shares }) => (
          <path key={name} class={`line l${slot}`} d={linePath(shares, y, slots)} />
        ))}
        {...(props.hasEnds === true
          ? {
              right: (
                <EndLabels
                  height={height}
                  labels={lines.flatMap(({ name, shares }) => {
                    const last = shares.findLast((share) => share !== null) ?? null;
                    return last === null
                      ? []
                      : [{ y: y(last), name, figure: formats.percent(last) }];
                  })}
                />
              ),
            }
          : {})}
      >
        {lines.every((line) => knownShares(line).length === 0) && (
          <text x="50%" y={height / 2} class="m strong">
            {texts.charts.nothing}
          </text>
        )}
        {props.hasHalf === true && <line class="half-rule" x2="100%" y1={y(0.5)} y2={y(0.5)} />}
        {lines.flatMap((line) =>
          (props.hasPoints === true
            ? line.shares.flatMap((share, i) => (share === null ? [] : [i]))
            : lonePoints(line.shares)
          ).map((i) => point(line, i, 2.5)),
        )}
        {lines.map((line, k) => {
          const ring = rings[k] ?? null;
          return ring !== null && (line.shares[ring] ?? null) !== null && point(line, ring, 4);
        })}
      </Plot>
    </>
  );
};

const knownShares = ({ shares }: ShareLine): readonly number[] =>
  shares.filter((share) => share !== null);

const isWholePercent = (tick: number): boolean => Number.isInteger(Math.round(tick * 1e6) / 1e4);
