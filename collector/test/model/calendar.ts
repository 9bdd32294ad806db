/** A calendar day, as `2026-11-23`. As text, days sort in their order. */
export type CalendarDate = string;

export type CalendarInterval = 'day' | 'week' | 'month';

const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 3_600_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const starts = new Map<string, number>();

/** What the calendar on a wall in the zone shows at an instant. */
export function dateIn(zone: string, at: number): CalendarDate {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
  formats.set(zone, format);
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${part['year']}-${part['month']}-${part['day']}`;
}

/** When the calendar first shows a day, or one after it: found by looking every quarter of an hour. */
export function startOf(zone: string, date: CalendarDate): number {
  const name = `${zone} ${date}`;
  let at = starts.get(name);
  if (at === undefined) {
    at = Date.parse(date) - 16 * HOUR_MS;
    while (dateIn(zone, at) < date) at += QUARTER_MS;
    starts.set(name, at);
  }
  return at;
}

export function addDays(date: CalendarDate, days: number): CalendarDate {
  const at = new Date(date);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** The first day of the day, week or month that a day lies in. */
export function beginOf(date: CalendarDate, interval: CalendarInterval): CalendarDate {
  let first = date;
  while (!begins(first, interval)) first = addDays(first, -1);
  return first;
}

/** The last day of the day, week or month that a day lies in. */
export function endOf(date: CalendarDate, interval: CalendarInterval): CalendarDate {
  let last = date;
  while (!begins(addDays(last, 1), interval)) last = addDays(last, 1);
  return last;
}

function begins(date: CalendarDate, interval: CalendarInterval): boolean {
  if (interval === 'month') return date.endsWith('-01');
  return interval === 'day' || new Date(date).getUTCDay() === 1;
}
