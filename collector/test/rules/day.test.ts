import { describe, expect, it } from 'vitest';
import { dateOfDay, dayOf, dayOfDate, isZone, startOfDay } from '../../src/rules/day.js';

const HOUR_MS = 3_600_000;

/** The date on which an instant falls. */
const dateAt = (instant: string, zone: string): string =>
  dateOfDay(dayOf(Date.parse(instant), zone));

const dayNumber = (date: string): number => {
  const day = dayOfDate(date);
  if (day === undefined) throw new Error(`There is no ${date}.`);
  return day;
};
const startAt = (date: string, zone: string): string =>
  new Date(startOfDay(dayNumber(date), zone)).toISOString();
const hoursOf = (date: string, zone: string): number =>
  (startOfDay(dayNumber(date) + 1, zone) - startOfDay(dayNumber(date), zone)) / HOUR_MS;

describe('a zone', () => {
  it.each([
    'UTC',
    'Europe/Berlin',
    'Asia/Kathmandu',
    'America/Argentina/Buenos_Aires',
    'Etc/GMT+5',
  ])('may be %s', (name) => expect(isZone(name)).toBe(true));

  it.each([
    '',
    'Europe/Bärlin',
    'Mars/Olympus_Mons',
    '+05:30',
    '-0330',
    'Z',
    'T12:00+05:30',
    '2026-11-22T00:00[Europe/Berlin]',
    ' Europe/Berlin',
    'Europe/Berlin\0',
  ])('may not be %j', (name) => expect(isZone(name)).toBe(false));
});

describe('the day of an instant', () => {
  it.each([
    ['UTC', '2026-11-21T23:59:59.999Z', '2026-11-21'],
    ['UTC', '2026-11-22T00:00:00.000Z', '2026-11-22'],
    ['Asia/Kathmandu', '2026-11-21T18:14:59.999Z', '2026-11-21'],
    ['Asia/Kathmandu', '2026-11-21T18:15:00.000Z', '2026-11-22'],
    ['Asia/Kolkata', '2026-11-21T18:29:59.999Z', '2026-11-21'],
    ['Asia/Kolkata', '2026-11-21T18:30:00.000Z', '2026-11-22'],
    ['America/St_Johns', '2026-11-22T03:29:59.999Z', '2026-11-21'],
    ['America/St_Johns', '2026-11-22T03:30:00.000Z', '2026-11-22'],
    ['Pacific/Kiritimati', '2026-11-21T10:00:00.000Z', '2026-11-22'],
    ['Pacific/Pago_Pago', '2026-11-22T10:59:59.999Z', '2026-11-21'],
    ['Australia/Lord_Howe', '2026-04-04T12:59:59.999Z', '2026-04-04'],
    ['Australia/Lord_Howe', '2026-04-04T13:00:00.000Z', '2026-04-05'],
    ['Australia/Lord_Howe', '2026-04-05T13:29:59.999Z', '2026-04-05'],
    ['Australia/Lord_Howe', '2026-04-05T13:30:00.000Z', '2026-04-06'],
    ['UTC', '1969-12-31T23:59:59.999Z', '1969-12-31'],
    ['Europe/Berlin', '1969-12-31T23:00:00.000Z', '1970-01-01'],
  ])('in %s, %s, is %s', (zone, instant, date) => expect(dateAt(instant, zone)).toBe(date));

  it('is the one after the next where a day was skipped', () => {
    expect(dateAt('2011-12-30T09:59:59.999Z', 'Pacific/Apia')).toBe('2011-12-29');
    expect(dateAt('2011-12-30T10:00:00.000Z', 'Pacific/Apia')).toBe('2011-12-31');
  });

  it('is that of the zone’s calendar at every hour of a year', () => {
    const from = Date.parse('2026-01-01T00:07:31Z');
    for (const zone of ['Europe/Berlin', 'Australia/Lord_Howe', 'Africa/Cairo', 'America/Havana']) {
      const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone });
      for (let at = from; at < from + 365 * 24 * HOUR_MS; at += HOUR_MS) {
        const date = dateOfDay(dayOf(at, zone));
        if (date !== format.format(at)) expect([at, date]).toEqual([at, format.format(at)]);
      }
    }
  });
});

describe('a day', () => {
  it('has 23 and 25 hours where clocks are changed, or half an hour less and more', () => {
    expect(hoursOf('2026-03-29', 'Europe/Berlin')).toBe(23);
    expect(hoursOf('2026-10-25', 'Europe/Berlin')).toBe(25);
    expect(hoursOf('2026-10-26', 'Europe/Berlin')).toBe(24);
    expect(hoursOf('2026-10-04', 'Australia/Lord_Howe')).toBe(23.5);
    expect(hoursOf('2026-04-05', 'Australia/Lord_Howe')).toBe(24.5);
  });

  it('begins at one where there is no midnight', () => {
    expect(startAt('2026-09-06', 'America/Santiago')).toBe('2026-09-06T04:00:00.000Z');
    expect(hoursOf('2026-09-06', 'America/Santiago')).toBe(23);
    expect(dateAt('2026-09-06T03:59:59.999Z', 'America/Santiago')).toBe('2026-09-05');
    expect(startAt('2026-04-24', 'Africa/Cairo')).toBe('2026-04-23T22:00:00.000Z');
  });

  it('begins at the second midnight where the hour before it comes twice', () => {
    expect(startAt('2026-04-05', 'America/Santiago')).toBe('2026-04-05T04:00:00.000Z');
    expect(hoursOf('2026-04-04', 'America/Santiago')).toBe(25);
    expect(dateAt('2026-04-05T03:59:59.999Z', 'America/Santiago')).toBe('2026-04-04');
  });

  it('begins at the first midnight where midnight comes twice', () => {
    expect(startAt('2026-11-01', 'America/Havana')).toBe('2026-11-01T04:00:00.000Z');
    expect(hoursOf('2026-11-01', 'America/Havana')).toBe(25);
  });

  it('has no hours where it was skipped', () => {
    expect(startAt('2011-12-29', 'Pacific/Apia')).toBe('2011-12-29T10:00:00.000Z');
    expect(hoursOf('2011-12-29', 'Pacific/Apia')).toBe(24);
    expect(hoursOf('2011-12-30', 'Pacific/Apia')).toBe(0);
    expect(startAt('2011-12-31', 'Pacific/Apia')).toBe('2011-12-30T10:00:00.000Z');
  });

  it('begins with an instant of its own, and the one before it is of the day before', () => {
    for (const zone of ['UTC', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/St_Johns']) {
      for (let day = dayNumber('2025-12-31'); day <= dayNumber('2027-01-01'); day++) {
        const start = startOfDay(day, zone);
        expect([dayOf(start - 1, zone), dayOf(start, zone)]).toEqual([day - 1, day]);
      }
    }
  });
});

describe('a date', () => {
  it('is read as it is written', () => {
    for (const date of ['1970-01-01', '1969-12-31', '2024-02-29', '2026-11-22']) {
      expect(dateOfDay(dayNumber(date))).toBe(date);
    }
    expect(dayNumber('1970-01-02')).toBe(1);
  });

  it.each(['2026-02-29', '2026-13-01', '2026-1-1', '2026-11-22T00:00:00Z', '', '+002026-11-22'])(
    'is not %j',
    (text) => expect(dayOfDate(text)).toBeUndefined(),
  );
});
