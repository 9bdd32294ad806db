import { fromEpochMilliseconds, toZonedDateTimeISO } from 'temporal-polyfill/fns/Instant';
import { create, type Record as PlainDate, toZonedDateTime } from 'temporal-polyfill/fns/PlainDate';
import { create as createTime } from 'temporal-polyfill/fns/PlainTime';

/** A day without a clock change, in milliseconds. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/** An IANA time zone, such as `Europe/Berlin`. */
export type Zone = string;

/** The time zone of projects without a setting. */
export const DEFAULT_ZONE: Zone = 'UTC';

/** Clock changes and days begin at multiples of this, in milliseconds. */
const SLOT_MS = 15 * 60 * 1000;

/** Slots that are cached for a zone. Most reports are about the last hours. */
const MAX_SLOTS = 20_000;

/** Starts of days that are cached for a zone: more than ten years. */
const MAX_STARTS = 4000;

const slots = new Map<Zone, Map<number, number>>();
const starts = new Map<Zone, Map<number, number>>();

/** Whether a name is an IANA time zone. */
export function isZone(name: string): boolean {
  // Temporal accepts offsets such as `+05:30`, which know no clock changes.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    readDay(0, name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Whether two names mean the same zone. */
export function isSameZone(a: string, b: Zone): boolean {
  return a === b || (isZone(a) && canonical(a) === canonical(b));
}

const canonical = (name: string): string =>
  new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;

/**
 * The number of the calendar day in `zone` that an instant falls on; day 0 is 1970-01-01.
 *
 * @param at - Milliseconds since 1970.
 */
export function dayOf(at: number, zone: Zone): number {
  if (zone === DEFAULT_ZONE) return Math.floor(at / DAY_MS);
  const slot = Math.floor(at / SLOT_MS);
  const known = rememberedOf(slots, zone, MAX_SLOTS);
  let day = known.get(slot);
  if (day === undefined) known.set(slot, (day = readDay(slot * SLOT_MS, zone)));
  return day;
}

/** The instant at which a day begins in `zone`, in milliseconds since 1970: not always midnight. */
export function startOfDay(day: number, zone: Zone): number {
  if (zone === DEFAULT_ZONE) return day * DAY_MS;
  const known = rememberedOf(starts, zone, MAX_STARTS);
  let start = known.get(day);
  if (start === undefined) known.set(day, (start = readStart(day, zone)));
  return start;
}

/**
 * The instant at which an hour of a day begins in `zone`, in milliseconds since 1970. An hour that a
 * clock change skips is the one after it.
 */
export const startOfHour = (day: number, hour: number, zone: Zone): number =>
  toZonedDateTime(plainDateOf(day), { timeZone: zone, plainTime: createTime(hour) })
    .epochMilliseconds;

/** A day as ISO 8601 writes it: `2026-11-23`. */
export const dateOfDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** The inverse of {@link dateOfDay}; `undefined` for other texts. */
export function dayOfDate(date: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return undefined;
  const day = Date.parse(`${date}T00:00:00Z`) / DAY_MS;
  return Number.isNaN(day) || dateOfDay(day) !== date ? undefined : day;
}

function readDay(at: number, zone: Zone): number {
  const { year, month, day } = toZonedDateTimeISO(fromEpochMilliseconds(at), zone);
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

const readStart = (day: number, zone: Zone): number =>
  toZonedDateTime(plainDateOf(day), zone).epochMilliseconds;

function plainDateOf(day: number): PlainDate {
  const date = new Date(day * DAY_MS);
  return create(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
}

/** The cache of a zone; it starts anew when it is full. */
function rememberedOf(
  memory: Map<Zone, Map<number, number>>,
  zone: Zone,
  max: number,
): Map<number, number> {
  let known = memory.get(zone);
  if (known === undefined || known.size >= max) {
    memory.set(zone, (known = new Map<number, number>()));
  }
  return known;
}
