/** An hour in milliseconds. Hours are numbered since 1970, by UTC. */
export const HOUR_MS = 60 * 60 * 1000;

/** What is known of the reports that came in one hour. */
export interface HourCell {
  readonly hour: number;
  /** The reports that were counted. */
  readonly reports: number;
  /** When the first of them was received, in milliseconds since 1970. */
  readonly firstAt: number;
  /** When the last of them was received, in milliseconds since 1970. */
  readonly lastAt: number;
  /** The longest time between two of them, in milliseconds. */
  readonly longestMs: number;
}

/** Hours that are kept of a project, back from its last report: 30 days. */
export const KEPT_HOURS = 30 * 24;

/** The cell of one report. */
export const cellOf = (receivedAt: number): HourCell => ({
  hour: Math.floor(receivedAt / HOUR_MS),
  reports: 1,
  firstAt: receivedAt,
  lastAt: receivedAt,
  longestMs: 0,
});

/** Puts two cells of one hour together; the reports of the first came first. */
export const joinCells = (a: HourCell, b: HourCell): HourCell => ({
  hour: a.hour,
  reports: a.reports + b.reports,
  firstAt: Math.min(a.firstAt, b.firstAt),
  lastAt: Math.max(a.lastAt, b.lastAt),
  longestMs: Math.max(a.longestMs, b.longestMs, b.firstAt - a.lastAt),
});

/**
 * The first hour that is kept: the last one with a report among those before the days that are kept, so
 * that it is known how long it was silent before them.
 *
 * @param hours - With a report, in order.
 */
export function firstKeptHour(hours: readonly number[]): number {
  const limit = (hours.at(-1) ?? 0) - KEPT_HOURS;
  return hours.findLast((hour) => hour < limit) ?? -Infinity;
}
