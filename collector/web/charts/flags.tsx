import { middleOf, percent, type Scale } from './geometry.js';

export interface Flag {
  readonly slot: number;
  readonly value: number;
  readonly href: string;
  readonly title: string;
}

export interface FlagsProps {
  readonly flags: readonly Flag[];
  readonly slots: number;
  readonly y: Scale;
}

/** What one can hit with a finger is 24 px wide. */
const TARGET_RADIUS = 12;

/** A numbered diamond on each flagged day, which leads to the day. */
export const Flags = ({ flags, slots, y }: FlagsProps) => (
  <>
    {flags.map(
      ({ slot, value, href, title }, i) =>
        slot >= 0 && (
          <a key={slot} class="flag" href={href} aria-label={`${i + 1}: ${title}`}>
            <svg x={percent(middleOf(slot, slots))} y={y(value)} overflow="visible">
              <circle r={TARGET_RADIUS} fill="none" pointer-events="all" />
              <path d="M0-9 9 0 0 9-9 0Z" />
              <text y="4">{i + 1}</text>
            </svg>
          </a>
        ),
    )}
  </>
);
