import fc from 'fast-check';
import { type Step, timelessSteps } from './steps.js';
import { ZONES } from './streams.js';
import { inWords, wireReports } from './wire-reports.js';

const DAY_MS = 86_400_000;

/** A request to a collector's process, and when the process is killed meanwhile. */
export interface KilledStep {
  /** @param now - By the clock of both. */
  readonly toStep: (now: number) => Step;
  /** As soon as there is an answer, or so many milliseconds after the request was sent. */
  readonly killAfter: 'answer' | number | undefined;
}

/**
 * Streams of which it makes no difference when exactly they arrive: every report has an ID and an
 * instant of its own, in the past of both clocks and not too late.
 */
const reports = wireReports({
  id: fc.uuid({ version: 4 }),
  age: fc.oneof(
    fc.integer({ min: 60_000, max: 2 * DAY_MS }),
    fc.integer({ min: 60_000, max: 29 * DAY_MS }),
  ),
  written: inWords,
});

const step: fc.Arbitrary<KilledStep['toStep']> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .array(reports, { minLength: 20, maxLength: 300, size: 'max' })
      .map((all): KilledStep['toStep'] => (now) => ({
        kind: 'reports',
        reports: all.map((toWire) => toWire(now)),
        sentAt: undefined,
        path: '/v1/reports',
      })),
  },
  { weight: 1, arbitrary: timelessSteps(ZONES).map((one) => () => one) },
);

/** A process that is killed now and then, and what happens to it. */
export const killedStreams = fc.record({
  zone: fc.constantFrom(...ZONES),
  steps: fc.array(
    fc.record({
      toStep: step,
      killAfter: fc.oneof(
        { weight: 4, arbitrary: fc.constant(undefined) },
        { weight: 2, arbitrary: fc.constant('answer' as const) },
        { weight: 2, arbitrary: fc.nat(60) },
      ),
    }),
    { minLength: 6, maxLength: 16, size: 'max' },
  ),
});
