import { BOTTOM, percent, runsOf, TOP } from './geometry.js';

export interface GapsProps {
  /** For each slot, whether its value is missing or too small to be shown. */
  readonly missing: readonly boolean[];
  readonly slots: number;
  readonly height: number;
  readonly top?: number;
  /** What is told of it. */
  readonly title: string;
}

/** Grey hatch where nothing is known: never a line at zero. */
export const Gaps = ({ missing, slots, height, top = TOP, title }: GapsProps) => (
  <>
    {runsOf(missing).map(([first, count]) => (
      <rect
        key={first}
        class="unknown"
        x={percent(first / slots)}
        width={percent(count / slots)}
        y={top}
        height={height - top - BOTTOM}
      >
        <title>{title}</title>
      </rect>
    ))}
  </>
);
