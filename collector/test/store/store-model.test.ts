import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACTIVITY_DAYS } from '../../src/rules/activity-bits.js';
import type { CountedReport } from '../../src/rules/counted-report.js';
import type { KeptInStore } from '../../src/rules/kept-spans.js';
import { INTERVALS } from '../../src/rules/period.js';
import type { DayWindow } from '../../src/rules/window-counter.js';
import { openWriter } from '../../src/sqlite/database.js';
import type { GapCount } from '../../src/store/questions.js';
import { openCountsReader } from '../../src/store/sqlite/counts-reader.js';
import { openCountsWriter } from '../../src/store/sqlite/counts-writer.js';
import { rebuildRollups } from '../../src/store/sqlite/rebuild-rollups.js';
import type { Batch, Deletion, DropSlice, Store } from '../../src/store/store.js';
import { createMemoryStore } from '../memory-store/memory-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';

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
  { user, id, age, arch, bundler, part, event, owner, ...rest }: ValueOf<typeof report>,
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
    receivedDay,
    facts: { arch },
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

const arrivals = {
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
    }
    for (const dimension of await reader.dimensions({ project })) {
      const question = { ...days, dimension };
      all.push(
        { dimension },
        await reader.valueGaps(question),
        await reader.reportValues(question),
        await reader.valueWindows({ project, dimension, windows: windowsBefore(today) }),
        await reader.reportWindows({ project, dimension, windows: windowsBefore(today) }),
      );
    }
    for (const interval of INTERVALS) {
      all.push(await reader.retention({ ...days, from: from - 31, interval }));
    }
    for (const { uid, ...user } of await reader.recent({ project, limit: 20 })) {
      all.push({ ...user, uid: Buffer.from(uid).toString('hex') });
    }
    all.push(await reader.quality({ project }), await reader.quality({ project, from: today }));
    for (let user = 0; project !== null && user < 5; user++) {
      all.push(await reader.user({ project, uid: uidOf(user, project) }));
    }
  }
  return all;
}

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
async function compareAll(all: ValueOf<typeof batches>): Promise<void> {
  const path = join(temporaryFolder(), 'counts.db');
  const open = () => ({ writer: openCountsWriter(path, 0), reader: openCountsReader(path) });
  let store: Store = open();
  const close = async (): Promise<void> => {
    await store.reader.close();
    await store.writer.close();
  };
  const model = createMemoryStore();
  let today = FIRST_DAY;
  let last = FIRST_DAY;
  try {
    for (const [
      number,
      { reports, deletions, days, kept, isRepeated, isReopened },
    ] of all.entries()) {
      today += days;
      last = Math.max(last, today);
      const batch: Batch = {
        journalId: 'j',
        after: number,
        upTo: number + 1,
        appliedAt: today * DAY_MS + number,
        reports: reports.map((one) => toReport(one, today)),
        deletions: deletions.map((one) => toDeletion(one, today)),
      };
      if (isReopened) {
        await close();
        store = open();
      }
      for (let times = isRepeated ? 2 : 1; times > 0; times--) {
        await store.writer.apply(batch);
        await model.writer.apply(batch);
      }
      for (const [what, n] of Object.entries(kept ?? {}) as [KeptInStore, number | null][]) {
        if (n === null) continue;
        const run = { what, days: n, today };
        expect([run, await dropAll(store, run)]).toEqual([run, await dropAll(model, run)]);
      }
    }
    const from = FIRST_DAY - SPAN - 10;
    const expected = await answers(model, from, last);
    expect(await answers(store, from, last)).toEqual(expected);
    const db = openWriter(path, { walPages: 1000 });
    db.transaction(() => rebuildRollups(db));
    db.close();
    expect(await answers(store, from, last)).toEqual(expected);
  } finally {
    await close();
  }
}

describe('the SQLite store', () => {
  it('answers every question as one that counts everything anew, also from rebuilt rollups', async () => {
    await fc.assert(
      fc.asyncProperty(batches, (all) => compareAll(all)),
      { numRuns: Number(process.env['HEADCOUNT_MODEL_RUNS'] ?? 40), endOnFailure: true },
    );
  }, 600_000);

  it('answers as well of users who come back after years', async () => {
    await fc.assert(
      fc.asyncProperty(batchesOfYears, (all) => compareAll(all)),
      { numRuns: Number(process.env['HEADCOUNT_MODEL_RUNS'] ?? 20), endOnFailure: true },
    );
  }, 600_000);
});
