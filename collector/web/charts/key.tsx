import type { JSX } from 'preact';
import type { Slot } from './version-slots.js';

/** What a legend can name besides a series. */
export type Glyph =
  | 'line'
  | 'band'
  | 'hatch'
  | 'half'
  | 'dots'
  | 'solid'
  | 'rel'
  | 'back'
  | 'lost'
  | 'compared'
  | 'unknown';

const square = (name: string): JSX.Element => (
  <rect class={name} x=".5" y=".5" width="11" height="11" />
);

const GLYPHS: Readonly<Record<Glyph, JSX.Element>> = {
  line: <path class="line" d="M0 8 4 4l4 5 4-6" />,
  band: (
    <>
      <rect class="band" y="1" width="12" height="10" />
      <path class="band-e" d="M0 1h12M0 11h12" />
    </>
  ),
  hatch: square('hatch'),
  half: square('half'),
  dots: square('dots'),
  solid: <rect class="f1" width="12" height="12" />,
  rel: (
    <>
      <path class="mast" d="M2.5 0v12" />
      <path class="pole" d="M2 0l8 3.5-8 3.5Z" />
    </>
  ),
  back: square('back'),
  lost: <path class="f0" d="M0 0h12L6 12Z" />,
  compared: <path class="ghost compared" d="M0 6h12" />,
  unknown: square('unknown'),
};

/** The shape of each slot, so that series differ by more than their colour. */
const SHAPES: Readonly<Record<Slot, string>> = {
  0: 'M0 5h12v2H0Z',
  1: 'M0 0h12v12H0Z',
  2: 'M6 0a6 6 0 0 1 0 12A6 6 0 0 1 6 0Z',
  3: 'M6 0l6 12H0Z',
  4: 'M6 0l6 6-6 6-6-6Z',
  5: 'M0 0h12L6 12Z',
  6: 'M4 0h4v4h4v4H8v4H4V8H0V4h4Z',
};

/** The mark of a series, by its slot, or of a part of the chart's grammar. */
export const Key = ({ of }: { readonly of: Slot | Glyph }) => (
  <svg class="key" viewBox="0 0 12 12" aria-hidden="true">
    {typeof of === 'number' ? (
      <g class={`f${of}`}>
        <path d={SHAPES[of]} />
      </g>
    ) : (
      GLYPHS[of]
    )}
  </svg>
);

/** The numbered diamond of a flagged day; without a number in a legend. */
export const FlagKey = ({ number }: { readonly number?: number }) => (
  <svg class="key flag" viewBox="-10 -10 20 20" aria-hidden="true">
    <path d="M0-9 9 0 0 9-9 0Z" />
    {number !== undefined && <text y="4">{number}</text>}
  </svg>
);
