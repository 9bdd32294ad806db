import { linePath, pixels, lonePoints, percent, middleOf } from './geometry.js';

export interface SparklineProps {
  /** `null` leaves a gap. */
  readonly values: readonly (number | null)[];
  readonly width?: string | number;
  readonly height?: number;
}

/** A line from zero, without axes. It repeats figures that stand beside it. */
export const Sparkline = ({ values, width = '100%', height = 26 }: SparklineProps) => {
  const most = Math.max(0, ...values.map((value) => value ?? 0));
  const y = (value: number): number =>
    pixels(height - 1 - (most > 0 ? value / most : 0) * (height - 3));
  return (
    <svg class="spark" width={width} height={height} aria-hidden="true">
      <svg width="100%" height={height} viewBox={`0 0 1000 ${height}`} preserveAspectRatio="none">
        <path class="line thin" d={linePath(values, y, values.length)} />
      </svg>
      {lonePoints(values).map((i) => (
        <circle
          key={i}
          class="pt"
          cx={percent(middleOf(i, values.length))}
          cy={y(values[i] ?? 0)}
          r="1.5"
        />
      ))}
    </svg>
  );
};
