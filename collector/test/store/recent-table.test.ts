import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MAX_RECENT } from '../../src/rules/limits.js';
import { openMemory, openWriter } from '../../src/sqlite/database.js';
import { migrate } from '../../src/sqlite/migrate.js';
import { COUNTS_SCHEMA } from '../../src/store/sqlite/migrations/counts-schema.js';
import { createRecentTable } from '../../src/store/sqlite/recent-table.js';
import { createCountsV2 } from '../support/counts-v2.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const LIMITS = { least: 3, kept: 5 };
const uidOf = (n: number): Buffer => Buffer.from(String(n).padEnd(16));

const person = fc.record({ n: fc.nat(30), at: fc.nat(1000) });
const steps = fc.array(
  fc.oneof(
    fc.array(person, { maxLength: 12 }).map((people) => ({ people, erased: undefined })),
    fc.nat(30).map((erased) => ({ people: [], erased })),
  ),
  { minLength: 1, maxLength: 40 },
);

describe('the table of people seen last', () => {
  it('has the newest of all users, whoever comes and is erased', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const db = openMemory();
        migrate(db, COUNTS_SCHEMA, 0);
        const recent = createRecentTable(db, LIMITS);
        const write = db.prepare(
          `INSERT INTO users(project_id, uid, first_seen, last_seen, first_day, last_day, bits,
             os_id, version_id, reports, ci)
           VALUES (1, ?1, ?2, ?2, 0, 0, 1, 1, 1, 1, 0) ON CONFLICT DO UPDATE SET last_seen = ?2`,
        );
        const erase = db.prepare('DELETE FROM users WHERE uid = ?');
        const newest = db.prepare(
          `SELECT last_seen FROM recent ORDER BY last_seen DESC LIMIT ${LIMITS.least}`,
        );
        const size = db.prepare<{ n: number }>('SELECT count(*) AS n FROM recent');
        const users = new Map<number, number>();
        for (const { people, erased } of all) {
          for (const n of new Set(people.map((one) => one.n))) {
            const seen = people.filter((one) => one.n === n).map(({ at }) => at);
            const at = Math.max(users.get(n) ?? 0, ...seen);
            users.set(n, at);
            write.run([uidOf(n), at]);
            recent.add(1, uidOf(n), at);
          }
          recent.write();
          if (erased !== undefined) {
            users.delete(erased);
            erase.run([uidOf(erased)]);
            recent.erase(1, uidOf(erased));
          }
          const times = [...users.values()].sort((a, b) => b - a).slice(0, LIMITS.least);
          expect(newest.all()).toEqual(times.map((last_seen) => ({ last_seen })));
          expect(size.get()?.n).toBeLessThanOrEqual(2 * LIMITS.kept);
        }
        db.close();
      }),
      { numRuns: 300 },
    );
  });

  it('is filled by the migration, which overwrites the pages of the index it drops', () => {
    const path = createCountsV2(temporaryFolder(), 2000);
    const db = openWriter(path, { walPages: 1000 });
    onTestFinished(() => db.close());
    const checkpointed = (): string => {
      db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
      return readFileSync(path, 'latin1');
    };
    // What moves rows by code works on the newest schema only, and is of no matter here.
    const first = COUNTS_SCHEMA.migrations.slice(0, 3).map(({ name, sql }) => ({ name, sql }));
    migrate(db, { ...COUNTS_SCHEMA, migrations: first }, 0);
    checkpointed();
    migrate(db, COUNTS_SCHEMA, 0);
    const bytes = checkpointed();
    const all = db
      .prepare<{ uid: Buffer; recent: number }>(
        'SELECT uid, uid IN (SELECT uid FROM recent) AS recent FROM users WHERE project_id = 2',
      )
      .all();
    expect(all.filter(({ recent }) => recent === 1)).toHaveLength(2 * MAX_RECENT);
    // SQLite leaves a row here and there behind where it splits a page.
    const strays = all.filter(
      ({ uid, recent }) => bytes.split(uid.toString('latin1')).length > 2 + recent,
    );
    expect(strays.length).toBeLessThan(all.length / 50);
  });
});
