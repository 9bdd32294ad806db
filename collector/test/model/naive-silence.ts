import { addDays, type CalendarDate, dateIn, startOf } from './calendar.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** What a project is known by: when each report was received, in order. */
export interface NaiveHeard {
  readonly receipts: readonly number[];
  readonly zone: string;
  readonly now: number;
  readonly listeningSince: number;
}

/** What docs/collector/silence.md says of a project, worked out from every single receipt. */
export function naiveSilence({ receipts, zone, now, listeningSince }: NaiveHeard) {
  const last = receipts.at(-1);
  if (last === undefined) return { state: 'unknown', usualMs: null, longMs: null, daysKnown: 0 };
  const dates = datesBefore(dateIn(zone, last), dateIn(zone, receipts[0] ?? 0));
  const ofDay = (date: CalendarDate): number =>
    receipts.filter((at) => dateIn(zone, beginOfHour(at)) === date).length;
  const counts = dates.map(ofDay);
  const daysKnown = dates.length;
  if (daysKnown < 14 || sum(counts) < 14) {
    return { state: 'unknown', usualMs: null, longMs: null, daysKnown };
  }
  const isTiny = median(counts) < 24;
  const waits = (at: number): number[] => {
    const hour = beginOfHour(at);
    const today = dateIn(zone, hour);
    const begins = isTiny
      ? dates.flatMap((date) => {
          const [from, to] = [startOf(zone, date), startOf(zone, addDays(date, 1))];
          return Array.from({ length: Math.ceil((to - from) / HOUR) }, (_, n) => from + n * HOUR);
        })
      : dates
          .filter((date) => isWeekend(date) === isWeekend(today))
          .map((date) => startOf(zone, date) + hour - startOf(zone, today));
    // Before the first report, nobody waited for one.
    return begins
      .map((begin) => longestWait(receipts, beginOfHour(begin)))
      .filter((wait) => !Number.isNaN(wait));
  };
  const since = Math.max(last, Math.min(now, listeningSince));
  const states: string[] = [];
  for (let hour = Math.floor(since / HOUR); hour * HOUR <= now; hour++) {
    const at = Math.min(now, (hour + 1) * HOUR - 1);
    const long = tenth(waits(at));
    if (at - since >= 5 * MINUTE && at - since > 3 * long) states.push('silent');
    else if (at - since >= 2 * MINUTE && at - since > long) states.push('quiet');
  }
  const state = states.includes('silent') ? 'silent' : (states[0] ?? 'ok');
  return { state, usualMs: median(waits(now)), longMs: tenth(waits(now)), daysKnown };
}

/** The longest anybody had waited for a report at any moment of the hour that begins then. */
function longestWait(receipts: readonly number[], begin: number): number {
  const end = begin + HOUR;
  const before = receipts.filter((at) => at < begin).at(-1) ?? NaN;
  const within = receipts.filter((at) => at >= begin && at < end);
  const moments = [before, ...within, end];
  return Math.max(...moments.slice(1).map((at, n) => at - (moments[n] ?? NaN)));
}

/** The days before one, back to the day after the first, 28 at most. */
function datesBefore(last: CalendarDate, first: CalendarDate): CalendarDate[] {
  const dates: CalendarDate[] = [];
  for (let date = addDays(last, -1); date > first && dates.length < 28; date = addDays(date, -1)) {
    dates.unshift(date);
  }
  return dates;
}

const beginOfHour = (at: number): number => Math.floor(at / HOUR) * HOUR;

const isWeekend = (date: CalendarDate): boolean => [0, 6].includes(new Date(date).getUTCDay());

const sum = (values: readonly number[]): number => values.reduce((all, n) => all + n, 0);

const ordered = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

const median = (values: readonly number[]): number =>
  ordered(values)[Math.ceil(values.length / 2) - 1] ?? NaN;

/** So that at most a tenth of the values are larger. */
const tenth = (values: readonly number[]): number =>
  ordered(values).find(
    (value) => 10 * values.filter((one) => one > value).length <= values.length,
  ) ?? NaN;

/** Reports by day; the last is today. */
export interface NaiveDays {
  readonly own: readonly number[];
  readonly parent: readonly number[];
}

/** What docs/collector/silence.md says of an event or a field. */
export function naiveArrival({ own, parent }: NaiveDays) {
  const last = own.findLastIndex((n) => n > 0);
  const after = parent.map((n, day) => ({ n, day })).filter(({ n, day }) => n > 0 && day > last);
  const whole = after.filter(({ day }) => day < parent.length - 1);
  const seen = own.flatMap((n, day) => (n > 0 && day > last - 28 ? [day] : []));
  if (seen.length < 7) return { state: 'unknown', daysWithout: last < 0 ? 0 : whole.length };
  const steps = seen
    .slice(1)
    .map((day, n) => parent.slice((seen[n] ?? 0) + 1, day + 1).filter((count) => count > 0).length);
  const longest = Math.max(1, ...steps);
  const [first = 0] = seen;
  const share = sum(own.slice(first, last + 1)) / sum(parent.slice(first, last + 1));
  const isStopped = whole.length >= 3 * longest && share * sum(whole.map(({ n }) => n)) >= 3;
  return { state: isStopped ? 'stopped' : 'ok', daysWithout: whole.length, longestDays: longest };
}
