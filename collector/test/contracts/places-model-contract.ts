import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CountedReport } from '../../src/rules/counted-report.js';
import type { StoreReader } from '../../src/store/store.js';
import { createMemoryStore } from '../memory-store/memory-store.js';
import { NaivePlaces } from '../model/naive-places.js';
import { countedReport, noon, TODAY } from '../support/counted-report.js';
import type { MakePlace } from './model-place.js';

const DAY_MS = 86_400_000;
const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/**
 * Some days of a project that is nearly full: people move between a few values, and between those
 * and rare ones that are about to give their places up.
 */
const days = fc.array(
  fc.record({
    later: fc.oneof({ weight: 3, arbitrary: fc.nat(2) }, fc.nat(12)),
    /** How many values come that nobody has had. */
    fresh: fc.nat(90),
    reports: fc.array(
      fc.record({
        user: fc.nat(12),
        age: fc.oneof(fc.constant(0), fc.nat(30)),
        // The first by name, of which most are rare: these give their places up before all others.
        value: fc.oneof(
          fc.nat(5).map((n) => `v${n}`),
          fc.nat(80).map((n) => `a${n}`),
        ),
      }),
      { maxLength: 60, size: 'max' },
    ),
    /** After how many reports a batch ends. */
    batch: fc.integer({ min: 15, max: 400 }),
    isReopened: fc.boolean(),
  }),
  { minLength: 2, maxLength: 7, size: 'max' },
);

type Days = typeof days extends fc.Arbitrary<infer Value> ? Value : never;

interface Step {
  readonly reports: readonly CountedReport[];
  readonly batch: number;
  readonly isReopened: boolean;
}

function toSteps(all: Days): Step[] {
  let day = TODAY;
  let fresh = 0;
  const make = (user: string, value: string, age = 0): CountedReport =>
    countedReport({
      user,
      version: value,
      event: 'build',
      fields: { name: value },
      day: day - age,
      receivedDay: day,
    });
  const seed = Array.from({ length: 780 }, (_, n) => make(`s${n}`, `v${n}`));
  const steps = all.map(({ later, fresh: count, reports, batch, isReopened }): Step => {
    day += later;
    const news = Array.from({ length: count }, () => make(`f${fresh}`, `n${fresh++}`));
    const others = reports.map(({ user, age, value }) => make(`u${user}`, value, age));
    return { reports: [...others, ...news], batch, isReopened };
  });
  return [{ reports: seed, batch: 1000, isReopened: false }, ...steps];
}

async function answersOf(reader: StoreReader, from: number, to: number) {
  const scope = { project: 'acme', from, to };
  const [{ version }, gaps, fieldGaps, reports] = [
    await reader.summary({ project: 'acme', day: to }),
    await reader.valueGaps({ ...scope, dimension: 'version' }),
    await reader.valueGaps({ ...scope, dimension: 'field:build.name' }),
    await reader.reportValues({ ...scope, dimension: 'field:build.name' }),
  ];
  const people = (first: number, rows = gaps): Record<string, number> => {
    const sums: Record<string, number> = {};
    for (const { day, value, gap, n } of rows) {
      if (day < first || (gap !== 0 && day - gap >= first)) continue;
      sums[value] = (sums[value] ?? 0) + n;
    }
    return sums;
  };
  const byValue: Record<string, number> = {};
  for (const { value, n } of reports) byValue[value] = (byValue[value] ?? 0) + n;
  return {
    latest: Object.fromEntries(version.map(({ value, users }) => [value, users])),
    day: people(to),
    week: people(to - 6),
    month: people(to - 27),
    fieldDay: people(to, fieldGaps),
    fieldMonth: people(to - 27, fieldGaps),
    reports: byValue,
  };
}

const expectedOf = (twin: NaivePlaces, from: number, to: number) => ({
  latest: twin.latest(),
  day: twin.people(dateOf(to), dateOf(to)),
  week: twin.people(dateOf(to - 6), dateOf(to)),
  month: twin.people(dateOf(to - 27), dateOf(to)),
  fieldDay: twin.fieldPeople(dateOf(to), dateOf(to)),
  fieldMonth: twin.fieldPeople(dateOf(to - 27), dateOf(to)),
  reports: twin.reports(dateOf(from), dateOf(to)),
});

async function compareAll(makePlace: MakePlace, all: Days): Promise<void> {
  const place = await makePlace();
  let store = await place.open();
  const close = async (): Promise<void> => {
    await store.reader.close();
    await store.writer.close();
  };
  const memory = createMemoryStore();
  const twin = new NaivePlaces();
  let today = TODAY;
  let position = 0;
  try {
    for (const { reports, batch, isReopened } of toSteps(all)) {
      if (isReopened) {
        await close();
        store = await place.open();
      }
      for (const report of reports) {
        twin.take({
          user: report.uid.toString(),
          received: dateOf(report.receivedDay),
          date: dateOf(report.day),
          version: report.version,
          field: String(report.fields['name']),
        });
        today = Math.max(today, report.receivedDay);
      }
      // A batch each for one, all at once for the other: it makes no odds.
      const rest = { journalId: 'j', deletions: [], appliedAt: noon(today) };
      const end = position + reports.length;
      await memory.writer.apply({ ...rest, after: position, upTo: end, reports });
      for (let at = 0; at < reports.length; at += batch) {
        const some = reports.slice(at, at + batch);
        const after = position;
        position += some.length;
        await store.writer.apply({ ...rest, after, upTo: position, reports: some });
      }
      const expected = expectedOf(twin, TODAY - 40, today);
      expect(await answersOf(memory.reader, TODAY - 40, today)).toEqual(expected);
      expect(await answersOf(store.reader, TODAY - 40, today)).toEqual(expected);
    }
    if (place.rebuild === undefined) return;
    place.rebuild();
    const expected = expectedOf(twin, TODAY - 40, today);
    expect(await answersOf(store.reader, TODAY - 40, today)).toEqual(expected);
  } finally {
    await close();
    await place.remove?.();
  }
}

/** What becomes of values of a full project, in every store. */
export function placesModel(makePlace: MakePlace, share = 1): void {
  it('give their places up by one rule, in every store, however reports are batched', async () => {
    await fc.assert(
      fc.asyncProperty(days, (all) => compareAll(makePlace, all)),
      {
        numRuns: Number(process.env['HEADCOUNT_MODEL_RUNS'] ?? Math.ceil(6 * share)),
        endOnFailure: true,
      },
    );
  }, 600_000);
}
