import { clamp, MAX_TIME_MS } from '../../ranges.js';

/** A moment by the clock, and by a clock that is never set back. */
export interface Moment {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** Milliseconds since the system was started; it may stand still while the system sleeps. */
  readonly elapsedMs: number;
}

/** What a file tells of the last `alive` of an install. */
export interface AliveRecord extends Moment {
  /** The boot that `elapsedMs` counts from. */
  readonly scope: string;
  /** Which of the {@link STEPS} of a period is the install's. */
  readonly step: number;
}

const HOUR_MS = 3_600_000;
/**
 * Less than the shortest day of any time zone, 22 hours, by what a clock is late: the hours of an
 * install move through the day.
 */
const PERIOD_MS = 20 * HOUR_MS;
/** An install reports in one of so many steps. Many installs have the same, so none is known by it. */
export const STEPS = 120;
const STEP_MS = PERIOD_MS / STEPS;
/** How much later than its step a process reports, at most. */
export const JITTER_MS = STEP_MS;
/** If the clock is set again and again, or stands still. */
const LONGEST_MS = 21.5 * HOUR_MS;
/** A clock that is set back by less changes nothing. */
const UNNOTICED_MS = HOUR_MS;

/** Whether an install whose last report is this old must report again. */
export function isDue(last: Moment, now: Moment, step: number): boolean {
  const periodOf = ({ atMs }: Moment): number => Math.floor((atMs - step * STEP_MS) / PERIOD_MS);
  return (
    periodOf(now) > periodOf(last) ||
    now.atMs < last.atMs - UNNOTICED_MS ||
    now.elapsedMs - last.elapsedMs >= LONGEST_MS
  );
}

/** The text of a record. */
export const recordText = ({ atMs, elapsedMs, scope, step }: AliveRecord): string =>
  `${atMs} ${Math.floor(elapsedMs)} ${scope} ${step}`;

/** Reads a record; `undefined` if the text is none. */
export function parseRecord(text: string | undefined): AliveRecord | undefined {
  const [atMs, elapsedMs, scope = '', step] = (text ?? '').split(' ');
  if (!/^[0-9a-f]{1,16}$/.test(scope) || !/^\d{1,3}$/.test(step ?? '')) return undefined;
  return {
    atMs: clamp(atMs, MAX_TIME_MS),
    elapsedMs: clamp(elapsedMs, MAX_TIME_MS),
    scope,
    step: Math.min(Number(step), STEPS - 1),
  };
}
