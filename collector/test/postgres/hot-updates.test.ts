import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { openNodeWriter } from '../../src/store/postgres/open-postgres-store.js';
import { countedReport as report, noon, TODAY } from '../support/counted-report.js';
import { until } from '../support/until.js';
import { temporaryDatabase } from './support/temporary-database.js';

const PEOPLE = 3000;

/** Batches in which everybody comes again, each with some of every page. */
const BATCHES = 30;

interface Updates {
  readonly updated: number;
  readonly hot: number;
}

it('counts people who come again in the pages where they are, without touching an index', async () => {
  const url = await temporaryDatabase();
  const client = new pg.Client(url);
  await client.connect();
  onTestFinished(() => client.end());
  const bytes = async (): Promise<number> => {
    const sql = `SELECT pg_relation_size('users')::int AS bytes`;
    return (await client.query<{ bytes: number }>(sql)).rows[0]?.bytes ?? 0;
  };
  const updates = async (): Promise<Updates> => {
    const { rows } = await client.query<Updates>(
      `SELECT n_tup_upd::int AS updated, n_tup_hot_upd::int AS hot
       FROM pg_stat_user_tables WHERE relname = 'users'`,
    );
    return rows[0] ?? { updated: 0, hot: 0 };
  };
  const writer = await openNodeWriter(url, { node: 'node', openedAt: 0 });
  let position = 0;
  const count = async (people: readonly number[], day: number): Promise<void> => {
    const after = position;
    position += people.length;
    const reports = people.map((n) => report({ user: `user-${n}`, day, receivedDay: day }));
    const place = { journalId: 'node', after, upTo: position, appliedAt: noon(day) };
    await writer.apply({ ...place, reports, deletions: [] });
  };
  const people = Array.from({ length: PEOPLE }, (_, n) => n);
  await count(people, TODAY);
  const before = await bytes();
  for (let batch = 0; batch < BATCHES; batch++) {
    await count(
      people.filter((n) => n % BATCHES === batch),
      TODAY + 1,
    );
  }
  // A session tells what it did at its end.
  await writer.close();
  await until('the updates are told', async () => (await updates()).updated >= PEOPLE);
  const { updated, hot } = await updates();
  expect(hot / updated).toBeGreaterThanOrEqual(0.9);
  await client.query('VACUUM users');
  expect((await bytes()) / before).toBeLessThanOrEqual(1.5);
});
