import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CountedReport } from '../../src/counting/counted-report.js';
import { INTERVALS } from '../../src/counting/period.js';
import { openWriter } from '../../src/sqlite/database.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { openCountsReader } from '../../src/store/sqlite/counts-reader.js';
import { openCountsWriter } from '../../src/store/sqlite/counts-writer.js';
import { rebuildRollups } from '../../src/store/sqlite/rebuild-rollups.js';
import type { Store } from '../../src/store/store.js';
import type { Batch } from '../../src/store/store-writer.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const DAY_MS = 86_400_000;
const TODAY = 20_000;
/** Reports come in any order from a span longer than a client keeps any. */
const SPAN = 45;

/** A user has another hash in each project. */
const uidOf = (n: number, project: string): Buffer => Buffer.from(`${n}${project}`.padEnd(16));

const report = fc
  .record({
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
  })
  .map(({ user, id, age, arch, bundler, part, event, ...rest }): CountedReport => {
    const at = (TODAY - age) * DAY_MS + part;
    return {
      ...rest,
      uid: uidOf(user, rest.project),
      // Some come twice; some come from clients that number none.
      reportKey: id === 0 ? null : Buffer.from(`${rest.project}${id}`.padEnd(16)),
      at,
      madeAt: at,
      day: TODAY - age,
      receivedDay: TODAY,
      facts: { arch },
      event,
      fields: event === 'build' ? { bundler } : {},
      marks: [],
    };
  });

const deletion = fc
  .record({ project: fc.constantFrom('acme', 'other'), user: fc.nat(4), age: fc.nat(SPAN) })
  .map(({ project, user, age }) => ({
    project,
    uid: uidOf(user, project),
    deletedAt: (TODAY - age) * DAY_MS,
  }));

const batches = fc.array(
  fc.record({
    reports: fc.array(report, { maxLength: 20 }),
    deletions: fc.oneof(
      { weight: 6, arbitrary: fc.constant([]) },
      fc.array(deletion, { maxLength: 2 }),
    ),
  }),
  { minLength: 1, maxLength: 6 },
);

async function answers({ reader }: Store): Promise<unknown> {
  const all = [];
  for (const project of ['acme', 'other', null]) {
    const days = { project, from: TODAY - SPAN - 1, to: TODAY + 1 };
    for (let age = 0; age < SPAN; age++)
      all.push(await reader.summary({ project, day: TODAY - age }));
    for (const ci of [true, false]) {
      all.push(await reader.gaps({ ...days, ci }), await reader.reports({ ...days, ci }));
    }
    for (const dimension of await reader.dimensions({ project })) {
      const question = { ...days, dimension };
      all.push(
        { dimension },
        await reader.valueGaps(question),
        await reader.reportValues(question),
      );
    }
    for (const interval of INTERVALS) {
      all.push(await reader.retention({ ...days, from: TODAY - 100, interval }));
    }
    for (const { uid, ...user } of await reader.recent({ project, limit: 20 })) {
      all.push({ ...user, uid: Buffer.from(uid).toString('hex') });
    }
    all.push(await reader.quality({ project }));
    for (let user = 0; project !== null && user < 5; user++) {
      all.push(await reader.user({ project, uid: uidOf(user, project) }));
    }
  }
  return all;
}

async function apply(store: Store, number: number, batch: Pick<Batch, 'reports' | 'deletions'>) {
  const place = { journalId: 'j', after: number, upTo: number + 1, appliedAt: number + 1 };
  await store.writer.apply({ ...place, ...batch });
}

describe('the SQLite store', () => {
  it('answers every question as one that counts everything anew, also from rebuilt rollups', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (all) => {
        const path = join(temporaryFolder(), 'counts.db');
        const writer = openCountsWriter(path, 0);
        const store = { writer, reader: openCountsReader(path) };
        const model = createMemoryStore();
        try {
          for (const [number, batch] of all.entries()) {
            await apply(store, number, batch);
            await apply(model, number, batch);
          }
          const expected = await answers(model);
          expect(await answers(store)).toEqual(expected);
          const db = openWriter(path, { walPages: 1000 });
          db.transaction(() => rebuildRollups(db));
          db.close();
          expect(await answers(store)).toEqual(expected);
        } finally {
          await store.reader.close();
          await store.writer.close();
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
