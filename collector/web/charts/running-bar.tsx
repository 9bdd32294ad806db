import { middleOf, percent, pixels, type Scale } from './geometry.js';
import { isAtEnd } from './x-labels.js';

const SHARE_OF_SLOT = 0.8;
const WIDEST = 0.1;
const LABEL_UP = 7;

export interface RunningBarProps {
  readonly slot: number;
  readonly slots: number;
  /** `null` if it is not shown. */
  readonly value: number | null;
  readonly text: string;
  readonly y: Scale;
}

/** The day or week that is not over, hatched, with its value so far. */
export const RunningBar = ({ slot, slots, value, text, y }: RunningBarProps) => {
  const x = middleOf(slot, slots);
  const width = Math.min(WIDEST, SHARE_OF_SLOT / slots);
  const atEnd = isAtEnd(x, text);
  const top = y(value ?? 0);
  return (
    <>
      <rect
        class="hatch"
        x={percent(x - width / 2)}
        width={percent(width)}
        y={top}
        height={pixels(y(0) - top)}
      />
      <text
        x={atEnd ? '100%' : percent(x)}
        y={top - LABEL_UP}
        class={`${atEnd ? 'e' : 'm'} halo strong`}
      >
        {text}
      </text>
    </>
  );
};
