/** How numbers, shares and dates are written in one language. */
export interface Formats {
  /** 12,840 */
  number(value: number): string;
  /** +452, −1 */
  signed(value: number): string;
  /** 5.4, always with one decimal. */
  decimal(value: number): string;
  /** 12.8K, for axes with little room. */
  compact(value: number): string;
  /** 45%, of a share from 0 to 1. */
  percent(share: number): string;
  /** 44.8%; 0% and 100% have no decimal; more than nothing is never 0.0% but <0.1%. */
  share(share: number): string;
  /** +4.3%, −3.7% */
  change(share: number): string;
  /** 14 Oct, of a date `2026-10-14`. */
  day(date: string): string;
  /** Wed 14 Oct */
  weekday(date: string): string;
  /** 14 October 2026 */
  longDay(date: string): string;
  /** 25 November 2026, 08:42:10, of an ISO 8601 moment, in a time zone. */
  moment(iso: string, zone: string): string;
  /** 08:42 */
  time(iso: string, zone: string): string;
  /** 08:41:58.372, for lines of a log. */
  exactTime(iso: string, zone: string): string;
  /** 25 Nov, of a moment. */
  dayIn(iso: string, zone: string): string;
  /** 25 Nov, 08:42 */
  dayAndTime(iso: string, zone: string): string;
  /** 2.1 ms, 340 ms, 12 s: with a decimal below ten. */
  milliseconds(ms: number): string;
  /** 2 min ago; the difference is in milliseconds. */
  ago(ms: number): string;
  /** 3 days, 2 min: the largest unit alone. */
  duration(ms: number): string;
  /** 1.4 GB */
  bytes(bytes: number): string;
  /** a, b and c */
  list(names: readonly string[]): string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const UNITS = [
  ['day', DAY_MS],
  ['hour', HOUR_MS],
  ['minute', MINUTE_MS],
  ['second', 1000],
] as const;

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** The smallest share that is written as a number. */
const LEAST_SHARE = 0.001;

/** `en` writes dates as in `en-GB`: day before month. */
export function createFormats(locale: string): Formats {
  const dates = locale === 'en' ? 'en-GB' : locale;
  const number = new Intl.NumberFormat(locale);
  const signed = new Intl.NumberFormat(locale, { signDisplay: 'exceptZero' });
  const oneDecimal = new Intl.NumberFormat(locale, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const decimal = { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 } as const;
  const share = new Intl.NumberFormat(locale, decimal);
  const change = new Intl.NumberFormat(locale, { ...decimal, signDisplay: 'exceptZero' });
  const day = dateFormat(dates, { day: 'numeric', month: 'short' });
  const weekday = dateFormat(dates, { weekday: 'short', day: 'numeric', month: 'short' });
  const longDay = dateFormat(dates, { day: 'numeric', month: 'long', year: 'numeric' });
  const ago = new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'always' });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const minus = (text: string): string => text.replace('-', '−');
  return {
    number: (value) => minus(number.format(value)),
    signed: (value) => minus(signed.format(value)),
    decimal: (value) => minus(oneDecimal.format(value)),
    compact: (value) => minus(compact.format(value)),
    percent: (value) => minus(percent.format(value)),
    share: (value) => {
      if (value > 0 && value < LEAST_SHARE) return `<${share.format(LEAST_SHARE)}`;
      if (value < 1 && value > 1 - LEAST_SHARE / 2) return `>${share.format(1 - LEAST_SHARE)}`;
      return minus((value === 0 || value === 1 ? percent : share).format(value));
    },
    change: (value) => minus(change.format(value)),
    day: (date) => day.format(new Date(date)),
    weekday: (date) => weekday.format(new Date(date)).replace(',', ''),
    longDay: (date) => longDay.format(new Date(date)),
    moment: (iso, zone) =>
      new Intl.DateTimeFormat(dates, {
        ...{ day: 'numeric', month: 'long', year: 'numeric' },
        ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
        timeZone: zone,
      }).format(new Date(iso)),
    time: (iso, zone) =>
      new Intl.DateTimeFormat(dates, {
        ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
        timeZone: zone,
      }).format(new Date(iso)),
    exactTime: (iso, zone) =>
      new Intl.DateTimeFormat(dates, {
        ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
        ...{ fractionalSecondDigits: 3, timeZone: zone },
      }).format(new Date(iso)),
    dayIn: (iso, zone) =>
      new Intl.DateTimeFormat(dates, { day: 'numeric', month: 'short', timeZone: zone }).format(
        new Date(iso),
      ),
    dayAndTime: (iso, zone) =>
      new Intl.DateTimeFormat(dates, {
        ...{ day: 'numeric', month: 'short' },
        ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
        timeZone: zone,
      }).format(new Date(iso)),
    milliseconds: (ms) => {
      const [value, unit] = ms < 1000 ? [ms, 'millisecond'] : [ms / 1000, 'second'];
      return new Intl.NumberFormat(locale, {
        ...{ style: 'unit', unit, unitDisplay: 'short' },
        maximumFractionDigits: value < 10 ? 1 : 0,
      }).format(value);
    },
    ago: (ms) => {
      const [unit, unitMs] = unitOf(ms);
      return ago.format(-Math.floor(Math.max(0, ms) / unitMs), unit);
    },
    duration: (ms) => {
      const [unit, unitMs] = unitOf(ms);
      const count = Math.floor(Math.max(0, ms) / unitMs);
      return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(
        count,
      );
    },
    bytes: (bytes) => {
      const step = Math.min(
        BYTE_UNITS.length - 1,
        bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3),
      );
      return new Intl.NumberFormat(locale, {
        ...{ style: 'unit', unit: BYTE_UNITS[step] ?? 'byte', unitDisplay: 'short' },
        maximumFractionDigits: 1,
      }).format(bytes / 1000 ** step);
    },
    list: (names) => list.format(names),
  };
}

/** A date has no time zone: it is read and written as of UTC. */
const dateFormat = (locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });

const unitOf = (ms: number): (typeof UNITS)[number] =>
  UNITS.find(([, unitMs]) => ms >= unitMs) ?? ['second', 1000];
