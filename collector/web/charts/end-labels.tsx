import { BOTTOM, TOP } from './geometry.js';
import { spreadLabels } from './spread-labels.js';

export interface EndLabel {
  readonly y: number;
  readonly name: string;
  /** Stands behind the name. */
  readonly figure?: string;
}

/** Labels of 12 px stand a little below the middle of their lines. */
const MIDDLE_DOWN = 4;
/** In characters; a name of five is read with its figure beside it. */
const LONGEST = 9;

export interface EndLabelsProps {
  readonly labels: readonly EndLabel[];
  readonly height: number;
  readonly top?: number;
}

/** The names of lines beside their ends, at the right of a plot. */
export const EndLabels = ({ labels, height, top = TOP }: EndLabelsProps) => {
  const places = spreadLabels(
    labels.map(({ y }) => y),
    top,
    height - BOTTOM,
  );
  return (
    <>
      {labels.map(({ name, figure }, i) => (
        <text key={name} x="5" y={(places[i] ?? 0) + MIDDLE_DOWN} class="strong">
          {figure === undefined
            ? cut(name, LONGEST)
            : `${cut(name, LONGEST - figure.length - 1)} ${figure}`}
        </text>
      ))}
    </>
  );
};

/** SVG has no ellipsis of its own. The legend has the whole name. */
const cut = (text: string, longest: number): string => {
  const characters = Array.from(text);
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : text;
};
