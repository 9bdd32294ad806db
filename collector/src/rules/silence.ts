import { dayOf, startOfDay, type Zone } from './day.js';
import { HOUR_MS, type HourCell } from './hour-cells.js';

/** Whole days that must be known before anything is called usual. */
export const NEEDED_DAYS = 14;

/** Days before that of the last report that tell what is usual. */
export const USUAL_HISTORY_DAYS = 28;

/** Fewer reports in these days tell nothing. */
export const LEAST_REPORTS = 14;

/** With fewer reports on the median day, hours of the day are not told apart. */
export const LEAST_REPORTS_A_DAY = 24;

/** Nine of ten waits of the hour are no longer than the long usual one. */
const LONG_SHARE = 0.9;

/** A wait of so many times the long usual one is silence. */
export const SILENT_TIMES = 3;

/** Shorter waits are `ok`, whatever is usual, in milliseconds. */
export const QUIET_AFTER_MS = 2 * 60 * 1000;

/** Shorter waits are no silence, whatever is usual, in milliseconds. */
export const SILENT_AFTER_MS = 5 * 60 * 1000;

/** How long is looked back for the moment from which on it was silent, in hours. */
const MAX_LOOK_HOURS = 7 * 24;

/** How a project has reported, and when it is looked at. */
export interface HeardFrom {
  /** The hours with reports, in order. */
  readonly cells: readonly HourCell[];
  readonly zone: Zone;
  /** Every report that was received before is in the cells; in milliseconds since 1970. */
  readonly now: number;
  /** Since when the collector runs: before, nobody could hear anything. In milliseconds since 1970. */
  readonly listeningSince: number;
}

/** Whether a project is silent. All times are in milliseconds. */
export interface Silence {
  readonly state: 'ok' | 'quiet' | 'silent' | 'unknown';
  /** When the last report was received, since 1970; `null` if none is known. */
  readonly lastAt: number | null;
  /** For how long nothing has come, while the collector ran. */
  readonly waitedMs: number;
  /** The median of the waits in the hour of now; `null` if it is unknown. */
  readonly usualMs: number | null;
  /** The wait that nine of ten are not longer than; `null` if it is unknown. */
  readonly longMs: number | null;
  /** Whole days that are known, up to {@link USUAL_HISTORY_DAYS}. */
  readonly daysKnown: number;
}

/**
 * Compares the wait for the next report with those in the same hour of the 28 days before the last
 * report, on working days or on weekends. docs/collector/silence.md has the rule.
 */
export function judgeSilence({ cells, zone, now, listeningSince }: HeardFrom): Silence {
  const lastAt = cells.at(-1)?.lastAt ?? null;
  if (lastAt === null) {
    const none = { lastAt, usualMs: null, longMs: null, daysKnown: 0 };
    return { state: 'unknown', waitedMs: Math.max(0, now - listeningSince), ...none };
  }
  const since = Math.max(lastAt, Math.min(listeningSince, now));
  const waitedMs = Math.max(0, now - since);
  const days = knownDays(cells, zone, dayOf(lastAt, zone));
  const reports = reportsByDay(cells, zone, days);
  const total = reports.reduce((sum, n) => sum + n, 0);
  const known = { lastAt, waitedMs, daysKnown: days.length };
  if (days.length < NEEDED_DAYS || total < LEAST_REPORTS) {
    return { ...known, state: 'unknown', usualMs: null, longMs: null };
  }
  const isTiny = (middleOf(reports) ?? 0) < LEAST_REPORTS_A_DAY;
  const waits = createWaits(cells, zone, days, isTiny);
  const usual = waits(now);
  if (usual.length === 0) return { ...known, state: 'unknown', usualMs: null, longMs: null };
  return {
    ...known,
    state: stateOf(since, now, (at) => longOf(waits(at))),
    usualMs: middleOf(usual) ?? null,
    longMs: longOf(usual),
  };
}

/**
 * The state at a moment. What was silent in a busy hour stays so in a quiet one, since nothing has
 * come meanwhile.
 */
function stateOf(since: number, now: number, longAt: (at: number) => number): Silence['state'] {
  let state: Silence['state'] = 'ok';
  const begin = Math.max(since, now - MAX_LOOK_HOURS * HOUR_MS);
  for (let hour = Math.floor(begin / HOUR_MS); hour * HOUR_MS <= now; hour++) {
    const at = Math.min(now, (hour + 1) * HOUR_MS - 1);
    const waited = at - since;
    const long = longAt(at);
    if (waited >= SILENT_AFTER_MS && waited > SILENT_TIMES * long) return 'silent';
    if (waited >= QUIET_AFTER_MS && waited > long) state = 'quiet';
  }
  return state;
}

/** The whole days before one of which it is known when reports came, in order. */
function knownDays(cells: readonly HourCell[], zone: Zone, lastDay: number): number[] {
  const first = cells[0]?.firstAt ?? Infinity;
  const from = Math.max(lastDay - USUAL_HISTORY_DAYS, dayOf(first, zone) + 1);
  return Array.from({ length: Math.max(0, lastDay - from) }, (_, at) => from + at);
}

function reportsByDay(
  cells: readonly HourCell[],
  zone: Zone,
  days: readonly number[],
): readonly number[] {
  const sums = new Map(days.map((day) => [day, 0]));
  for (const { hour, reports } of cells) {
    const day = dayOf(hour * HOUR_MS, zone);
    const sum = sums.get(day);
    if (sum !== undefined) sums.set(day, sum + reports);
  }
  return [...sums.values()];
}

/**
 * Creates the function that gives the usual waits for the hour of a moment, shortest first.
 *
 * @param isTiny - Whether all hours are one, since reports are few.
 */
function createWaits(
  cells: readonly HourCell[],
  zone: Zone,
  days: readonly number[],
  isTiny: boolean,
): (at: number) => readonly number[] {
  const longest = createLongestWait(cells);
  const found = new Map<string, readonly number[]>();
  const hoursOf = (day: number): number[] => {
    const [begin, end] = [startOfDay(day, zone), startOfDay(day + 1, zone)];
    const count = Math.round((end - begin) / HOUR_MS);
    return Array.from({ length: count }, (_, n) => begin + n * HOUR_MS);
  };
  const collect = (moments: readonly number[]): readonly number[] =>
    moments.flatMap((moment) => longest(Math.floor(moment / HOUR_MS)) ?? []).sort((a, b) => a - b);
  return (at) => {
    const hourBegin = Math.floor(at / HOUR_MS) * HOUR_MS;
    const today = dayOf(hourBegin, zone);
    const sinceBegin = hourBegin - startOfDay(today, zone);
    const key = isTiny ? '' : `${isWeekend(today)} ${sinceBegin}`;
    let waits = found.get(key);
    if (waits === undefined) {
      waits = collect(
        isTiny
          ? days.flatMap(hoursOf)
          : days
              .filter((day) => isWeekend(day) === isWeekend(today))
              .map((day) => startOfDay(day, zone) + sinceBegin),
      );
      found.set(key, waits);
    }
    return waits;
  };
}

/**
 * Creates the function that gives the longest wait that was seen at any moment of an hour;
 * `undefined` before the first report.
 */
function createLongestWait(cells: readonly HourCell[]): (hour: number) => number | undefined {
  const at = new Map(cells.map((cell, index) => [cell.hour, index]));
  const hours = cells.map(({ hour }) => hour);
  return (hour) => {
    const index = at.get(hour);
    const end = (hour + 1) * HOUR_MS;
    const before = cells[(index ?? countBelow(hours, hour)) - 1];
    if (before === undefined) return undefined;
    const cell = index === undefined ? undefined : cells[index];
    if (cell === undefined) return end - before.lastAt;
    return Math.max(cell.firstAt - before.lastAt, cell.longestMs, end - cell.lastAt);
  };
}

/** How many of some ordered numbers are below one. */
function countBelow(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Day 0 was a Thursday. */
const isWeekend = (day: number): boolean => (day + 3) % 7 >= 5;

function middleOf(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

const longOf = (sorted: readonly number[]): number =>
  sorted[Math.ceil(LONG_SHARE * sorted.length) - 1] ?? Infinity;
