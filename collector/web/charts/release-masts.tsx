import type { Release } from './day-twin.js';
import { BOTTOM, middleOf, percent, TOP } from './geometry.js';
import { type Mast, placeMasts } from './masts.js';

const ROW_PX = 15;
const PENNANT = { right: 'l8 4-8 4Z', left: 'l-8 4 8 4Z' };

/** The releases of one day: one mast. */
export interface MastedRelease {
  readonly slot: number;
  readonly name: string;
  readonly href: string;
}

/** The releases by the slots of their days; those outside the days shown are left out. */
export function releasesBySlot(
  releases: readonly Release[],
  dates: readonly string[],
): readonly MastedRelease[] {
  const slots = new Map<number, MastedRelease>();
  for (const { date, version, href } of releases) {
    const slot = dates.indexOf(date);
    if (slot < 0) continue;
    const before = slots.get(slot);
    const name = before === undefined ? version : `${before.name}, ${version}`;
    slots.set(slot, { slot, name, href });
  }
  return [...slots.values()].sort((a, b) => a.slot - b.slot);
}

/** How much room the masts need above the plot. */
export const topFor = (masts: readonly Mast[]): number =>
  masts.some(({ row }) => row === 1) ? TOP + ROW_PX : TOP;

export const mastsOf = (releases: readonly MastedRelease[], slots: number): readonly Mast[] =>
  placeMasts(releases.map(({ slot, name }) => ({ x: middleOf(slot, slots), name })));

export interface ReleaseMastsProps {
  readonly releases: readonly MastedRelease[];
  readonly masts: readonly Mast[];
  readonly slots: number;
  readonly height: number;
}

/** A dotted mast with a pennant for each release; it links to what changed. */
export const ReleaseMasts = ({ releases, masts, slots, height }: ReleaseMastsProps) => (
  <>
    {releases.map(({ slot, name, href }, i) => {
      const mast = masts[i];
      const row = mast?.row ?? null;
      const up = (row ?? 0) * ROW_PX;
      const isFlipped = mast?.isFlipped === true;
      const isAlt = mast?.isAlt === true;
      const classes = [isFlipped ? 'halo e' : 'halo', isAlt ? 'alt' : ''];
      return (
        <a key={slot} class="rel" href={href} aria-label={name}>
          {row === null && <title>{name}</title>}
          <svg x={percent(middleOf(slot, slots))} overflow="visible">
            <line y1={row === null ? TOP : up + 4} y2={height - BOTTOM} />
            {row !== null && (
              <>
                <path
                  class={isAlt ? 'alt' : undefined}
                  d={`M0 ${up + 3}${isFlipped ? PENNANT.left : PENNANT.right}`}
                />
                <text x={isFlipped ? -12 : 12} y={up + 11} class={classes.join(' ').trim()}>
                  {name}
                </text>
              </>
            )}
          </svg>
        </a>
      );
    })}
  </>
);
