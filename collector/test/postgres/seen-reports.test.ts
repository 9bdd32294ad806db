import { expect, it, onTestFinished } from 'vitest';
import pg from 'pg';
import { REMEMBERED_DAYS } from '../../src/rules/limits.js';
import { openNodeWriter } from '../../src/store/postgres/open-postgres-store.js';
import { countedReport, noon, TODAY } from '../support/counted-report.js';
import { temporarySchema } from './support/temporary-schema.js';

const OLD = 3000;
const KEPT = 500;
const BATCHES = 10;

it('forgets the keys of reports that are too old bit by bit, and keeps the rest', async () => {
  const store = await temporarySchema();
  const writer = await openNodeWriter(store, { node: 'node', openedAt: 0 });
  onTestFinished(() => writer.close());
  const client = new pg.Client(store);
  await client.connect();
  onTestFinished(() => client.end());
  const left = async (isOld: boolean): Promise<number> => {
    const { rows } = await client.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM seen_reports WHERE (day < $1) = $2`,
      [TODAY - REMEMBERED_DAYS, isOld],
    );
    return rows[0]?.n ?? NaN;
  };
  let position = 0;
  const count = async (receivedDay: number, reports: number): Promise<void> => {
    const batch = Array.from({ length: reports }, () => countedReport({ receivedDay }));
    const upTo = position + reports;
    await writer.apply({
      ...{ journalId: 'j', after: position, upTo, reports: batch, deletions: [] },
      appliedAt: noon(receivedDay),
    });
    position = upTo;
  };
  await count(TODAY - REMEMBERED_DAYS - 1, OLD);
  await count(TODAY - REMEMBERED_DAYS, KEPT);
  const lefts = [await left(true)];
  for (let n = 0; n < BATCHES; n++) {
    await count(TODAY, 1);
    lefts.push(await left(true));
  }
  const removed = lefts.slice(1).map((now, n) => (lefts[n] ?? NaN) - now);
  expect(Math.max(...removed)).toBeLessThan(OLD / 2);
  expect(lefts.at(-1)).toBe(0);
  expect(await left(false)).toBe(KEPT + BATCHES);
});
