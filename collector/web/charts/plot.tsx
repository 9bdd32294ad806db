import type { ComponentChildren } from 'preact';
import type { Twin } from '../page/twin.js';
import { INNER_WIDTH, middleOf, percent, type Scale } from './geometry.js';
import { rowSpeech } from './row-speech.js';
import { isAtEnd, type XLabel } from './x-labels.js';

const X_LABEL_UP = 6;
const LOWER_PX = 14;

export interface PlotProps {
  /** In pixels. */
  readonly height: number;
  readonly y: Scale;
  readonly yTicks: readonly number[];
  readonly yText: (tick: number) => string;
  /** How many equal parts x has. */
  readonly slots: number;
  readonly xLabels: readonly XLabel[];
  /** A sentence that says what the chart shows. */
  readonly label: string;
  /** Without it the plot has no cursor. It has one row for each slot. */
  readonly cursor?: { readonly twin: Twin; readonly slot: number };
  /** Below everything; not stretched. */
  readonly under?: ComponentChildren;
  /** Stretched to the width of the plot; 1000 wide. */
  readonly inner?: ComponentChildren;
  /** Beside the plot, at the right: the names of its lines. */
  readonly right?: ComponentChildren;
  /** Above everything; not stretched. */
  readonly children?: ComponentChildren;
}

/** The frame of all charts over a line of slots: axis and gridlines, labels, cursor. */
export const Plot = (props: PlotProps) => {
  const { height, y, yTicks, yText, slots, label, cursor, right } = props;
  const fullHeight = height + (props.xLabels.some(({ isLower }) => isLower) ? LOWER_PX : 0);
  const ground = yTicks.includes(0) ? 0 : yTicks[0];
  return (
    <div class={right === undefined ? 'chart' : 'chart r'}>
      <svg width="100%" height={height} aria-hidden="true">
        {yTicks.map((tick) => (
          <text key={tick} x="100%" y={y(tick) + 4} class="e">
            {yText(tick)}
          </text>
        ))}
      </svg>
      <div class="plot">
        <svg width="100%" height={fullHeight}>
          {yTicks.map((tick) => (
            <line
              key={tick}
              class={tick === ground ? 'axis' : 'grid'}
              x2="100%"
              y1={y(tick)}
              y2={y(tick)}
            />
          ))}
          {props.under}
          <svg
            role="img"
            aria-label={label}
            width="100%"
            height={height}
            viewBox={`0 0 ${INNER_WIDTH} ${height}`}
            preserveAspectRatio="none"
          >
            {props.inner}
          </svg>
          {props.children}
          {props.xLabels.map((xLabel) => (
            <XText
              key={xLabel.slot}
              label={xLabel}
              slots={slots}
              y={(xLabel.isLower === true ? fullHeight : height) - X_LABEL_UP}
            />
          ))}
        </svg>
        {cursor !== undefined && cursor.twin.rows.length > 0 && <Cursor {...cursor} />}
      </div>
      {right !== undefined && (
        <svg width="100%" height={height} aria-hidden="true">
          {right}
        </svg>
      )}
    </div>
  );
};

interface XTextProps {
  readonly label: XLabel;
  readonly slots: number;
  readonly y: number;
}

const XText = ({ label: { slot, text, isAlt }, slots, y }: XTextProps) => {
  const x = middleOf(slot, slots);
  const atEnd = isAtEnd(x, text);
  const place = atEnd ? 'e' : 'm';
  return (
    <text x={atEnd ? '100%' : percent(x)} y={y} class={isAlt ? `${place} alt` : place}>
      {text}
    </text>
  );
};

/** Moved by browser/chart-cursor.ts, which reads the rows out of the table with the id of the twin. */
const Cursor = ({ twin, slot }: { readonly twin: Twin; readonly slot: number }) => (
  <div
    class="cursor"
    tabindex={0}
    role="slider"
    data-twin={twin.id}
    aria-label={twin.name}
    aria-valuemin={0}
    aria-valuemax={twin.rows.length - 1}
    aria-valuenow={slot}
    aria-valuetext={rowSpeech(twin, slot)}
  >
    <i />
    <div class="read" />
  </div>
);
