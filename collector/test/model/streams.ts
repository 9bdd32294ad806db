import fc from 'fast-check';
import { type CleaningStep, cleaningSteps } from './cleaning-steps.js';
import { type Step, timelessSteps } from './steps.js';
import { ADDRESSES } from '../support/country-table.js';
import { anyId, firstGeneration, inVain, inWords, wireReports } from './wire-reports.js';

/** Moments around which streams run: clocks are changed, a day is skipped or begins at one o'clock. */
const MOMENTS: (readonly [zone: string, at: string])[] = [
  ['Europe/Berlin', '2026-03-29T01:00:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['America/St_Johns', '2026-11-01T04:30:00Z'],
  ['America/Santiago', '2026-09-06T04:00:00Z'],
  ['Africa/Cairo', '2026-04-23T22:00:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z'],
  ['UTC', '2024-02-29T00:00:00Z'],
];

/** Zones with odd offsets and odd days. */
export const ZONES = [
  ...new Set(MOMENTS.map(([zone]) => zone)),
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Pacific/Kiritimati',
];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What happens to a collector, and when by its clock. */
export interface Stream {
  /** The zone of projects that have none of their own. */
  readonly zone: string;
  /** The date around which all of it happens. */
  readonly around: string;
  /** Whether the collector has a table of countries. */
  readonly hasCountries: boolean;
  readonly steps: readonly {
    readonly at: number;
    readonly step: Step | CleaningStep | { kind: 'restart' };
  }[];
}

/** Around the middle, some days before it, as late as no report may come, or later than any does. */
const age = fc.oneof(
  fc.integer({ min: -3 * HOUR_MS, max: 3 * HOUR_MS }),
  fc.integer({ min: 0, max: 5 * DAY_MS }),
  fc.integer({ min: -3 * DAY_MS, max: 45 * DAY_MS }),
  fc.integer({ min: -2, max: 45 }).map((days) => days * DAY_MS),
  fc.integer({ min: 34 * DAY_MS, max: 402 * DAY_MS }),
);

const from = fc.constantFrom(...Object.keys(ADDRESSES));

const written = fc.oneof({ weight: 8, arbitrary: inWords }, { weight: 1, arbitrary: inVain });

/** How wrong a client's clock is, by hours of a zone or anything else. */
const wrongBy = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  fc.integer({ min: -400 * DAY_MS, max: 400 * DAY_MS }),
  fc.integer({ min: -2 * DAY_MS, max: 2 * DAY_MS }),
  fc
    .record({
      halves: fc.integer({ min: -30, max: 30 }),
      ms: fc.integer({ min: -90_000, max: 90_000 }),
    })
    .map(({ halves, ms }) => halves * 0.5 * HOUR_MS + ms),
);

/** How long a batch was on its way. */
const held = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  fc.nat(10 * 60_000),
  fc.nat(2 * DAY_MS),
  fc.nat(40 * DAY_MS),
);

/** What a client's clock and the way of a batch do to its times, and whether it says when it sends. */
const skew = fc.record({ ms: wrongBy, heldMs: held, isTold: fc.boolean() });

type ToStep = (middle: number, now: number) => Stream['steps'][number]['step'];

const steps: fc.Arbitrary<ToStep> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc
      .record({
        reports: fc.array(wireReports({ id: anyId, age, written }), {
          minLength: 1,
          maxLength: 12,
        }),
        skew,
        written,
        from,
      })
      .map(
        ({ reports, skew: { ms, heldMs, isTold }, written: write, from: address }): ToStep =>
          (middle, now) => ({
            kind: 'reports',
            reports: reports.map((toWire) => toWire(middle + ms)),
            sentAt: isTold ? write(now + ms - heldMs) : undefined,
            path: '/v1/reports',
            from: address,
          }),
      ),
  },
  {
    weight: 2,
    arbitrary: firstGeneration(age).map((toWire): ToStep => (middle) => ({
      kind: 'reports',
      reports: [toWire(middle)],
      sentAt: undefined,
      path: '/statistics',
    })),
  },
  { weight: 8, arbitrary: timelessSteps(ZONES).map((step) => () => step) },
  { weight: 3, arbitrary: cleaningSteps.map((step) => () => step) },
  { weight: 1, arbitrary: fc.constant(() => ({ kind: 'restart' as const })) },
);

/** How far the collector's clock is from the middle; less than the time for which reports are known. */
const CLOCK_RANGE_MS = 14 * DAY_MS;

/** How long a stream may go on; less than the time for which days are known. */
const LONGEST_MS = 340 * DAY_MS;

/** How the collector's clock moves on: now and then backwards. */
const move = fc.oneof(
  { weight: 4, arbitrary: fc.nat(HOUR_MS) },
  { weight: 3, arbitrary: fc.nat(2 * DAY_MS) },
  { weight: 1, arbitrary: fc.integer({ min: -3 * DAY_MS, max: 0 }) },
  { weight: 1, arbitrary: fc.integer({ min: -10 * DAY_MS, max: 10 * DAY_MS }) },
);
const leap = fc.oneof(
  fc.nat(2 * DAY_MS),
  fc.nat(80).map((days) => days * DAY_MS),
);

const common = {
  moment: fc.constantFrom(...MOMENTS),
  zone: fc.option(fc.constantFrom(...ZONES), { nil: undefined }),
  hasCountries: fc.boolean(),
};

/** Around one moment, by a clock that is set back now and then. */
const nearStreams: fc.Arbitrary<Stream> = fc
  .record({
    ...common,
    steps: fc.array(fc.record({ move, step: steps }), { minLength: 1, maxLength: 12 }),
  })
  .map(({ moment: [zoneOfMoment, moment], zone, hasCountries, steps: all }) => {
    const middle = Date.parse(moment);
    let now = middle;
    return {
      zone: zone ?? zoneOfMoment,
      hasCountries,
      around: moment.slice(0, 10),
      steps: all.map(({ move: by, step }) => {
        now = Math.min(middle + CLOCK_RANGE_MS, Math.max(middle - CLOCK_RANGE_MS, now + by));
        return { at: now, step: step(middle, now) };
      }),
    };
  });

/** Over most of a year: what came long ago may come again as new. */
const farStreams: fc.Arbitrary<Stream> = fc
  .record({
    ...common,
    steps: fc.array(fc.record({ leap, step: steps }), { minLength: 1, maxLength: 12 }),
  })
  .map(({ moment: [zoneOfMoment, moment], zone, hasCountries, steps: all }) => {
    const begin = Date.parse(moment);
    let now = begin;
    const timed = all.map(({ leap: by, step }) => {
      now = Math.min(begin + LONGEST_MS, now + by);
      return { at: now, step: step(now, now) };
    });
    const around = new Date(now).toISOString().slice(0, 10);
    return { zone: zone ?? zoneOfMoment, hasCountries, around, steps: timed };
  });

/** Streams of reports, and whatever else may happen to a collector. */
export const streams = fc.oneof(nearStreams, farStreams);
