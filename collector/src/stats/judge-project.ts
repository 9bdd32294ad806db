import { dateOfDay, dayOf, startOfDay, type Zone } from '../rules/day.js';
import { EVENT_DIMENSION, eventOfField } from '../rules/dimensions.js';
import { HOUR_MS, type HourCell } from '../rules/hour-cells.js';
import { OTHER } from '../rules/limits.js';
import { judgeSilence, NEEDED_DAYS, type Silence } from '../rules/silence.js';
import {
  type Arrival,
  judgeArrival,
  LEAST_DAYS_SEEN,
  type ReportsByDay,
} from '../rules/stopped.js';
import type { DayCount, SayingDay } from '../store/questions.js';
import { describeGap } from './describe-gap.js';
import { type SilenceRow, STATES } from './silence-answer.js';

/** The moments that silence is judged by. */
export interface JudgedAt {
  readonly zone: Zone;
  /** Every report that was received before is counted; in milliseconds since 1970. */
  readonly now: number;
  /** In milliseconds since 1970. */
  readonly listeningSince: number;
}

/** Fewer reports than these in an hour may be those of one person, so their moment is not told. */
const LEAST_IN_HOUR = 5;

const MINUTE_MS = 60_000;

/**
 * Tells whether reports of a project still come.
 *
 * @param isExact - Whether the moment of the last report is told as it is.
 */
export function judgeProject(
  project: string,
  cells: readonly HourCell[],
  at: JudgedAt,
  isExact: boolean,
): SilenceRow {
  const silence = isExact ? judgeSilence({ ...at, cells }) : judgeCoarsely(cells, at);
  const { lastAt } = silence;
  const isWaiting = silence.state === 'quiet' || silence.state === 'silent';
  const toldAge = lastAt === null ? null : Math.max(0, at.now - lastAt);
  return {
    ...{ project, kind: 'project', name: null, state: silence.state },
    since: isWaiting && lastAt !== null ? toIso(Math.max(lastAt, at.listeningSince)) : null,
    last_counted_at: lastAt === null ? null : toIso(lastAt),
    age_seconds: toSeconds(toldAge),
    usual_gap_seconds: toSeconds(silence.usualMs),
    long_gap_seconds: toSeconds(silence.longMs),
    days_known: silence.daysKnown,
    ...{ last_date: null, days_without: null, long_gap_days: null },
    text: describeSilence(silence, toldAge),
  };
}

/** The same, without the moments of few reports, and without what they follow from. */
function judgeCoarsely(cells: readonly HourCell[], at: JudgedAt): Silence {
  const step = (cells.at(-1)?.reports ?? 0) < LEAST_IN_HOUR ? HOUR_MS : MINUTE_MS;
  const floor = (ms: number): number => Math.floor(ms / step) * step;
  // The state changes at such moments only: when it does would tell of the last report.
  const silence = judgeSilence({ ...at, now: floor(at.now), cells });
  if (silence.lastAt === null) return silence;
  const lastAt = floor(silence.lastAt);
  return {
    ...silence,
    lastAt,
    waitedMs: Math.max(0, at.now - Math.max(lastAt, Math.min(at.listeningSince, at.now))),
    usualMs: roundGap(silence.usualMs, step),
    longMs: roundGap(silence.longMs, step),
  };
}

/** Rounds a gap up. One that an hour with enough reports cannot have is rounded to hours. */
function roundGap(ms: number | null, step: number): number | null {
  if (ms === null) return null;
  const unit = ms < HOUR_MS / LEAST_IN_HOUR ? step : HOUR_MS;
  return Math.ceil(ms / unit) * unit;
}

function describeSilence(
  { state, longMs, waitedMs, daysKnown }: Silence,
  age: number | null,
): string {
  if (age === null) return 'No report has been counted since hours are kept.';
  const last = `The last report came ${describeGap(age)} ago.`;
  if (longMs === null) {
    const why =
      daysKnown < NEEDED_DAYS
        ? `${daysKnown} of the ${NEEDED_DAYS} whole days are known that it takes to say what is usual`
        : 'too few reports came to say what is usual';
    return `${last} Nothing follows from that: ${why}.`;
  }
  const usual = `nine of ten gaps in this hour are no longer than ${describeGap(longMs)}`;
  if (state === 'silent') return `${last} That is silence: ${usual}.`;
  if (state === 'quiet') return `${last} That is longer than usual: ${usual}.`;
  if (waitedMs < age) return `${last} The collector runs for ${describeGap(waitedMs)}.`;
  return `${last} That is usual: ${usual}.`;
}

/** What reports of a project said, day by day. */
export interface Sayings {
  /** Reports of people. */
  readonly reports: readonly DayCount[];
  readonly said: readonly SayingDay[];
}

/** Tells of each event and field whether it still comes; those to look at first. */
export function judgeSayings(
  project: string,
  { reports, said }: Sayings,
  { zone, now }: Pick<JudgedAt, 'zone' | 'now'>,
): SilenceRow[] {
  const today = dayOf(now, zone);
  const all = new Map(reports.map(({ day, n }) => [day, n]));
  const series = new Map<string, { dimension: string; value: string | null; days: DayCount[] }>();
  for (const { dimension, value, ...day } of said) {
    if (value === OTHER) continue;
    const key = `${dimension}\n${value ?? ''}`;
    const found = series.get(key);
    if (found) found.days.push(day);
    else series.set(key, { dimension, value, days: [day] });
  }
  const byDay = (days: readonly DayCount[] = []): ReportsByDay =>
    new Map(days.map(({ day, n }) => [day, n]));
  return [...series.values()]
    .map(({ dimension, value, days }): SilenceRow => {
      const event = eventOfField(dimension);
      const parent =
        event === undefined ? all : byDay(series.get(`${EVENT_DIMENSION}\n${event}`)?.days);
      const arrival = judgeArrival(byDay(days), parent, today);
      const kind = event === undefined ? 'event' : 'field';
      const name = value ?? dimension.slice('field:'.length);
      return toSayingRow({ project, kind, name, of: event ?? null }, arrival, zone);
    })
    .sort(
      (a, b) =>
        STATES.indexOf(a.state) - STATES.indexOf(b.state) ||
        (a.kind < b.kind ? -1 : Number(a.kind > b.kind)) ||
        ((a.name ?? '') < (b.name ?? '') ? -1 : 1),
    );
}

interface Named {
  readonly project: string;
  readonly kind: 'event' | 'field';
  readonly name: string;
  /** The event of a field. */
  readonly of: string | null;
}

function toSayingRow(named: Named, arrival: Arrival, zone: Zone): SilenceRow {
  const { project, kind, name } = named;
  const { state, lastDay, daysWithout, longestDays } = arrival;
  return {
    ...{ project, kind, name, state },
    since: state === 'stopped' && lastDay !== null ? toIso(startOfDay(lastDay + 1, zone)) : null,
    ...{ last_counted_at: null, age_seconds: null, usual_gap_seconds: null },
    ...{ long_gap_seconds: null, days_known: null },
    last_date: lastDay === null ? null : dateOfDay(lastDay),
    days_without: daysWithout,
    long_gap_days: longestDays,
    text: describeArrival(named, arrival),
  };
}

function describeArrival(
  { kind, name, of }: Named,
  { state, lastDay, daysWithout, longestDays }: Arrival,
): string {
  const what = kind === 'event' ? `The event ${name}` : `The field ${name}`;
  const last = `${what} came last on ${dateOfDay(lastDay ?? 0)}`;
  const others = of === null ? 'other reports of the project' : `reports of the event ${of}`;
  const days = (n: number): string => (n === 1 ? '1 day' : `${n} days`);
  switch (state) {
    case 'stopped':
      return `${last}, while ${others} came on ${days(daysWithout)} since. It usually came again after ${days(longestDays ?? 1)} at most.`;
    case 'ok':
      return `${last}, as usual.`;
    case 'unknown':
      return `${last}. It came on fewer than ${LEAST_DAYS_SEEN} days, so nothing follows from that.`;
  }
}

const toIso = (at: number): string => new Date(at).toISOString();

const toSeconds = (ms: number | null): number | null =>
  ms === null ? null : Math.round(ms / 1000);
