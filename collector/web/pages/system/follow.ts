import type { LogLine } from '../../page/system-logs.js';

/** Lines that are kept at most: of more, nobody reads any. */
export const MOST_LINES = 500;

/** What came since the following began. */
export interface Followed {
  /** The newest first. */
  readonly lines: readonly LogLine[];
  /** How many came in all. */
  readonly came: number;
  readonly isPaused: boolean;
  /** Lines that came while it is paused, the newest first. */
  readonly waiting: readonly LogLine[];
  /** Lines that came too fast for this reader. */
  readonly leftOut: number;
}

export type FollowStep =
  | { readonly kind: 'begin' | 'pause' | 'go-on' }
  | { readonly kind: 'line'; readonly line: LogLine }
  | { readonly kind: 'left-out'; readonly lines: number };

export const NONE: Followed = { lines: [], came: 0, isPaused: false, waiting: [], leftOut: 0 };

/** Adds what came. Beyond {@link MOST_LINES} the oldest lines go. */
export function follow(followed: Followed, step: FollowStep): Followed {
  switch (step.kind) {
    case 'begin':
      return NONE;
    case 'pause':
      return { ...followed, isPaused: true };
    case 'go-on':
      return {
        ...followed,
        lines: [...followed.waiting, ...followed.lines].slice(0, MOST_LINES),
        isPaused: false,
        waiting: [],
      };
    case 'left-out':
      return { ...followed, leftOut: followed.leftOut + step.lines };
    case 'line': {
      const name = followed.isPaused ? 'waiting' : 'lines';
      const kept = [step.line, ...followed[name]].slice(0, MOST_LINES);
      return { ...followed, came: followed.came + 1, [name]: kept };
    }
  }
}
