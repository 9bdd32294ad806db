import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ACTIVITY_DAYS } from '../../src/rules/activity-bits.js';
import { type CleaningStep, UNDO_DAYS } from '../../src/rules/cleaning.js';
import type { CountedReport } from '../../src/rules/counted-report.js';
import type { KeptInStore } from '../../src/rules/kept-spans.js';
import { INTERVALS } from '../../src/rules/period.js';
import type { DayWindow } from '../../src/rules/window-counter.js';
import type { CrossedCounts, GapCount } from '../../src/store/questions.js';
import type { Batch, Deletion, DropSlice, Store } from '../../src/store/store.js';
import { createMemoryStore } from '../memory-store/memory-store.js';
import type { MakePlace } from './model-place.js';

const DAY_MS = 86_400_000;
const FIRST_DAY = 20_000;
/** Reports come in any order from a span longer than a client keeps any. */
const SPAN = 45;

type ValueOf<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never;

const ownerHashOf = (owner: number | null): Buffer | null =>
  owner === null ? null : Buffer.alloc(16, owner + 1);

/** A user has another hash in each project. */
const uidOf = (n: number, project: string): Buffer => Buffer.from(`${n}${project}`.padEnd(16));

const report = fc.record({
  project: fc.constantFrom('acme', 'other'),
  user: fc.nat(4),
  id: fc.nat(60),
  age: fc.oneof(fc.nat(3), fc.nat(SPAN)),
  os: fc.constantFrom('Linux', 'Darwin'),
  version: fc.constantFrom('1.0.0', '2.0.0', '3.0.0'),
  arch: fc.constantFrom('x64', 'arm64'),
  country: fc.constantFrom(undefined, undefined, 'DE', 'FR', 'unknown'),
  event: fc.constantFrom('startup', 'build', null),
  bundler: fc.constantFrom('vite', 'webpack'),
  lostTotal: fc.option(fc.nat(9)),
  ci: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.boolean()),
  idSource: fc.constantFrom('machine', 'time', 'given', 'ci', null),
  idPersisted: fc.constantFrom(true, false, null),
  part: fc.nat(DAY_MS - 1),
  owner: fc.option(fc.nat(2)),
});

/** A report as it arrives on a day. */
function toReport(
  { user, id, age, arch, country, bundler, part, event, owner, ...rest }: ValueOf<typeof report>,
  receivedDay: number,
): CountedReport {
  const at = (receivedDay - age) * DAY_MS + part;
  return {
    ...rest,
    uid: uidOf(user, rest.project),
    ownerHash: ownerHashOf(owner),
    // Some come twice; some come from clients that number none.
    reportKey: id === 0 ? null : Buffer.from(`${rest.project}${id}`.padEnd(16)),
    at,
    madeAt: at,
    day: receivedDay - age,
    receivedAt: receivedDay * DAY_MS + part,
    receivedDay,
    facts: { arch, ...(country !== undefined && { country }) },
    event,
    fields: event === 'build' ? { bundler } : {},
    marks: age > 0 ? ['late'] : [],
  };
}

const deletion = fc.record({
  project: fc.constantFrom('acme', 'other'),
  user: fc.nat(4),
  age: fc.nat(SPAN),
  owner: fc.option(fc.nat(2)),
});

/** A deletion as it arrives on a day. */
const toDeletion = (
  { project, user, age, owner }: ValueOf<typeof deletion>,
  receivedDay: number,
): Deletion => ({
  project,
  uid: uidOf(user, project),
  ownerHash: ownerHashOf(owner),
  deletedAt: (receivedDay - age) * DAY_MS,
});

/** A step of cleaning: its days are counted back from that of the batch. */
const cleaning = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      step: fc.constant('take' as const),
      project: fc.constantFrom('acme', 'acme', 'other', 'unheard of'),
      days: fc.option(fc.record({ ago: fc.nat(SPAN), length: fc.nat(20) }), { freq: 4 }),
      isNew: fc.boolean(),
      where: fc.option(
        fc.constantFrom(
          { dimension: 'version', value: '2.0.0' },
          { dimension: 'os', value: 'Linux' },
          { dimension: 'certainty', value: 'likely' },
          { dimension: 'arch', value: 'x64' },
          { dimension: 'country', value: 'DE' },
          { dimension: 'version', value: '9.9.9' },
          { dimension: 'event', value: 'build' },
          { dimension: 'field:build.bundler', value: 'vite' },
        ),
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ step: fc.constant('undo' as const), which: fc.nat(9) }),
  },
  { weight: 1, arbitrary: fc.constant({ step: 'expire' as const }) },
);

/** @param taken - The cleanings so far; a new one is added. */
function toStep(
  given: ValueOf<typeof cleaning>,
  today: number,
  taken: CleaningStep[],
): CleaningStep | undefined {
  const at = today * DAY_MS;
  if (given.step === 'expire') return { step: 'expire', at };
  if (given.step === 'undo') {
    const known = taken[given.which % Math.max(1, taken.length)];
    return known?.step === 'take' ? { step: 'undo', id: known.id, at } : undefined;
  }
  const { project, isNew, where, days } = given;
  const from = today - (days?.ago ?? 0);
  const selection = {
    project,
    where,
    days: days && { from, to: from + days.length },
    isNew: isNew && days !== null,
  };
  const id = `c${taken.length}`;
  const step: CleaningStep = { step: 'take', id, at, until: at + UNDO_DAYS * DAY_MS, selection };
  taken.push(step);
  return step;
}

const arrivals = {
  /** How many slices of a cleaning are done after the batch. */
  slices: fc.nat(4),
  reports: fc.array(report, { maxLength: 20 }),
  deletions: fc.oneof(
    { weight: 6, arbitrary: fc.constant<ValueOf<typeof deletion>[]>([]) },
    fc.array(deletion, { maxLength: 2 }),
  ),
  /** Whether the batch comes once more, as after a `kill -9` between the counts and their caller. */
  isRepeated: fc.boolean(),
  /** What is dropped after the batch, and how many days of each are kept. */
  kept: fc.option(
    fc
      .record({
        activity: fc.oneof(fc.integer({ min: 66, max: 400 }), fc.constant(66)),
        users: fc.option(fc.nat(500)),
        rollups: fc.option(fc.nat(500)),
        quality: fc.option(fc.integer({ min: 36, max: 500 })),
      })
      // Users and counts are kept at least as long as activity.
      .map(({ activity, users, rollups, quality }) => ({
        activity,
        users: users === null ? null : activity + users,
        rollups: rollups === null ? null : activity + rollups,
        quality,
        keys: 35,
        tombstones: 35,
      })),
    { freq: 2 },
  ),
  /** Whether the collector is started anew before. */
  isReopened: fc.boolean(),
};

/** Over months, by a clock that is set back now and then: what is remembered for 35 days is forgotten. */
const batches = fc.array(
  fc.record({
    ...arrivals,
    cleaning: fc.oneof({ weight: 1, arbitrary: fc.constant(undefined) }, cleaning),
    days: fc.oneof(
      { weight: 3, arbitrary: fc.nat(2) },
      { weight: 3, arbitrary: fc.nat(40) },
      { weight: 1, arbitrary: fc.integer({ min: -10, max: 0 }) },
    ),
  }),
  { minLength: 1, maxLength: 6 },
);

/** Over years: users come back after longer than their days are kept. */
const batchesOfYears = fc.array(
  fc.record({
    ...arrivals,
    // Of what is longer ago than users' days are kept, nothing says any more whose it was: who is
    // forgotten, or turns out to be a person, is so from then on.
    reports: fc.array(
      report.map((one) => ({ ...one, ci: one.user === 4 })),
      { maxLength: 20 },
    ),
    deletions: fc.constant<ValueOf<typeof deletion>[]>([]),
    cleaning: fc.constant(undefined),
    days: fc.oneof(fc.nat(40), fc.integer({ min: 300, max: 500 })),
  }),
  { minLength: 1, maxLength: 6 },
);

/**
 * Gaps of which no window is told apart as one row: those as long as days are kept, less the time
 * that a report may be late, when the day before its own may be gone.
 */
function folded(counts: readonly GapCount[]): GapCount[] {
  const rows = new Map<string, GapCount>();
  for (const { day, gap: exact, n } of counts) {
    const gap = Math.min(exact, ACTIVITY_DAYS - SPAN);
    const key = `${day} ${gap}`;
    rows.set(key, { day, gap, n: n + (rows.get(key)?.n ?? 0) });
  }
  return [...rows.values()].filter(({ n }) => n !== 0);
}

/** Days, the weeks that end with them, a month, and spans out of order. */
const windowsBefore = (today: number): DayWindow[] => [
  { firstDay: today - 30, lastDay: today },
  ...Array.from({ length: SPAN }, (_, ago) => today + 1 - ago).flatMap((day) => [
    { firstDay: day, lastDay: day },
    { firstDay: day - 6, lastDay: day },
  ]),
];

/** Everything there is to ask, about days up to one. */
async function answers({ reader }: Store, from: number, today: number): Promise<unknown> {
  const all = [];
  for (const project of ['acme', 'other', null]) {
    const days = { project, from, to: today + 1 };
    for (let day = today + 1; day > today - SPAN; day--) {
      all.push(await reader.summary({ project, day }));
    }
    for (const ci of [true, false]) {
      all.push(folded(await reader.gaps({ ...days, ci })), await reader.reports({ ...days, ci }));
      all.push(await reader.peopleWindows({ project, ci, windows: windowsBefore(today) }));
    }
    for (const dimension of [...(await reader.dimensions({ project })), 'age']) {
      const question = { ...days, dimension };
      all.push(
        { dimension },
        await reader.valueGaps(question),
        await reader.reportValues(question),
        await reader.valueWindows({ project, dimension, windows: windowsBefore(today) }),
        await reader.reportWindows({ project, dimension, windows: windowsBefore(today) }),
      );
    }
    for (const [dimension, of] of [
      ['version', null],
      ['arch', 'os'],
    ] as const) {
      for (const ago of [0, 7, 28]) {
        all.push(await reader.newestValues({ project, dimension, of, from: today - ago }));
      }
    }
    for (const dimensions of [
      ['os', 'version'],
      ['country', 'arch'],
    ] as const) {
      const crossed = await reader.crossedDays({ ...days, dimensions, mostDays: Infinity });
      all.push([...crossed].sort(byValues));
    }
    all.push(await reader.hours({ project }), await reader.sayingDays(days));
    for (const people of [1, 2, 3]) {
      all.push(await reader.firstDays({ project, people, since: today - SPAN }));
      all.push(await reader.firstDays({ project, people, since: 0 }));
    }
    for (const interval of INTERVALS) {
      all.push(await reader.retention({ ...days, from: from - 31, interval }));
    }
    for (const { uid, ...user } of await reader.recent({ project, limit: 20 })) {
      all.push({ ...user, uid: Buffer.from(uid).toString('hex') });
    }
    all.push(await reader.quality({ project }), await reader.quality({ project, from: today }));
    for (let user = 0; project !== null && user < 5; user++) {
      const question = { project, uid: uidOf(user, project) };
      all.push(await reader.user(question), await reader.owner(question));
    }
    const days7 = { from: today - 7, to: today };
    for (const where of [null, { dimension: 'os', value: 'Linux' }]) {
      const selection = { project: project ?? 'other', days: days7, isNew: true, where };
      all.push((await reader.cleaningPage({ selection, after: null })).figures);
    }
  }
  all.push(await reader.countrySince());
  all.push(await reader.cleanings());
  return all;
}

const byValues = (a: CrossedCounts, b: CrossedCounts): number =>
  JSON.stringify(a.values) < JSON.stringify(b.values) ? -1 : 1;

/** Drops one kind of data, and tells how many rows; those of counts are stores' own affair. */
async function dropAll(
  { writer }: Store,
  run: Pick<DropSlice, 'what' | 'days' | 'today'>,
): Promise<number> {
  const pass = async (isDry: boolean): Promise<number> => {
    let rows = 0;
    let after: DropSlice['after'] = null;
    do {
      const dropped = await writer.drop({ ...run, after, limitMs: 0, isDry });
      rows += dropped.rows;
      after = dropped.next;
    } while (after !== null);
    return rows;
  };
  const expected = await pass(true);
  expect(await pass(false)).toBe(expected);
  return run.what === 'rollups' || run.what === 'keys' ? 0 : expected;
}

/** Applies batches to a store on disk and to one that counts everything anew, and compares them. */
async function compareAll(makePlace: MakePlace, all: ValueOf<typeof batches>): Promise<void> {
  // As few users as there are need several slices.
  const place = await makePlace(2);
  let store: Store = await place.open();
  const close = async (): Promise<void> => {
    await store.reader.close();
    await store.writer.close();
  };
  const model = createMemoryStore();
  let today = FIRST_DAY;
  let last = FIRST_DAY;
  const taken: CleaningStep[] = [];
  try {
    const isCleaned = all.some(({ cleaning: given }) => given !== undefined);
    for (const [number, { reports, deletions, days, kept, ...others }] of all.entries()) {
      const { isRepeated, isReopened, cleaning: given, slices } = others;
      today += days;
      last = Math.max(last, today);
      const step = given && toStep(given, today, taken);
      const batch: Batch = {
        journalId: 'j',
        after: number,
        upTo: number + 1,
        appliedAt: today * DAY_MS + number,
        reports: reports.map((one) => toReport(one, today)),
        deletions: deletions.map((one) => toDeletion(one, today)),
        cleanings: step ? [step] : [],
      };
      if (isReopened) {
        await close();
        store = await place.open();
      }
      for (let times = isRepeated ? 2 : 1; times > 0; times--) {
        await store.writer.apply(batch);
        await model.writer.apply(batch);
      }
      for (let slice = 0; slice < slices; slice++) await store.writer.work();
      for (const [what, n] of Object.entries(kept ?? {}) as [KeptInStore, number | null][]) {
        // What is taken out is not dropped meanwhile: it would come back.
        if (n === null || isCleaned) continue;
        const run = { what, days: n, today };
        expect([run, await dropAll(store, run)]).toEqual([run, await dropAll(model, run)]);
      }
    }
    while (await store.writer.work());
    const from = FIRST_DAY - SPAN - 10;
    const expected = await answers(model, from, last);
    expect(await answers(store, from, last)).toEqual(expected);
    if (place.rebuild === undefined) return;
    place.rebuild();
    expect(await answers(store, from, last)).toEqual(expected);
  } finally {
    await close();
    await place.remove?.();
  }
}

/** What everybody but the administrator may ask. */
async function publicAnswers(store: Store, from: number, today: number): Promise<unknown[]> {
  const all = (await answers(store, from, today)) as unknown[];
  return all.slice(0, -1);
}

/** Takes out after some batches, undoes all of it in the end, and compares with no cleaning at all. */
async function compareUndone(makePlace: MakePlace, all: ValueOf<typeof batches>): Promise<void> {
  const place = await makePlace(2);
  const store: Store = await place.open();
  const plain = createMemoryStore();
  const taken: CleaningStep[] = [];
  let today = FIRST_DAY;
  let last = FIRST_DAY;
  let after = 0;
  const clean = async (step: CleaningStep): Promise<void> => {
    const batch = { journalId: 'j', after, upTo: ++after, reports: [], deletions: [] };
    await store.writer.apply({ ...batch, cleanings: [step], appliedAt: null });
  };
  try {
    for (const { reports, deletions, days, slices, cleaning: given } of all) {
      today += days;
      last = Math.max(last, today);
      const batch = {
        journalId: 'j',
        appliedAt: today * DAY_MS + after,
        reports: reports.map((one) => toReport(one, today)),
        deletions: deletions.map((one) => toDeletion(one, today)),
      };
      await plain.writer.apply({
        ...batch,
        after: await plain.writer.position('j'),
        upTo: after + 1,
      });
      await store.writer.apply({ ...batch, after, upTo: ++after });
      const step = given?.step === 'take' ? toStep(given, today, taken) : undefined;
      if (step?.step === 'take') await clean({ ...step, until: Number.MAX_SAFE_INTEGER });
      for (let slice = 0; slice < slices; slice++) await store.writer.work();
    }
    for (const step of taken.toReversed()) {
      if (step.step === 'take') await clean({ step: 'undo', id: step.id, at: last * DAY_MS });
    }
    while (await store.writer.work());
    const from = FIRST_DAY - SPAN - 10;
    expect(await publicAnswers(store, from, last)).toEqual(await publicAnswers(plain, from, last));
  } finally {
    await store.reader.close();
    await store.writer.close();
    await place.remove?.();
  }
}

/**
 * What every store must answer, whatever comes: as one that counts everything anew.
 *
 * @param share - Of the usual runs, for a store that takes longer.
 */
export function storeModel(makePlace: MakePlace, share = 1): void {
  const runsOf = (usual: number): number =>
    Number(process.env['HEADCOUNT_MODEL_RUNS'] ?? Math.ceil(usual * share));

  it('answers after cleanings that were undone as if there had been none', async () => {
    await fc.assert(
      fc.asyncProperty(batches, (all) => compareUndone(makePlace, all)),
      { numRuns: runsOf(20), endOnFailure: true },
    );
  }, 600_000);

  it('answers every question as one that counts everything anew, also from rebuilt rollups', async () => {
    await fc.assert(
      fc.asyncProperty(batches, (all) => compareAll(makePlace, all)),
      { numRuns: runsOf(40), endOnFailure: true },
    );
  }, 600_000);

  it('answers as well of users who come back after years', async () => {
    await fc.assert(
      fc.asyncProperty(batchesOfYears, (all) => compareAll(makePlace, all)),
      { numRuns: runsOf(20), endOnFailure: true },
    );
  }, 600_000);
}
