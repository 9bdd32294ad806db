import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openNodeWriter, openReaderAt } from '../../src/store/postgres/open-postgres-store.js';
import type { DropCursor, StoreReader, StoreWriter } from '../../src/store/store.js';
import { countedReport as report, noon, TODAY } from '../support/counted-report.js';
import { until } from '../support/until.js';
import { temporarySchema } from './support/temporary-schema.js';

interface Node {
  readonly writer: StoreWriter;
  /** Counts a report of each of some people. */
  readonly count: (from: number, people: number, day?: number) => Promise<void>;
}

/** Some nodes on one store. */
async function openNodes(): Promise<{
  readonly url: string;
  readonly first: Node;
  readonly second: Node;
  /** One that counts nothing. */
  readonly leader: Node;
  readonly reader: StoreReader;
}> {
  const url = await temporarySchema();
  const open = async (name: string): Promise<Node> => {
    const address = `${url}&application_name=${name}`;
    const writer = await openNodeWriter(address, { node: name, openedAt: 0 });
    onTestFinished(async () => writer.close());
    let position = 0;
    return {
      writer,
      count: async (from, people, day = TODAY) => {
        const after = position;
        position += people;
        const reports = Array.from({ length: people }, (_, n) =>
          report({ user: `user-${from + n}`, day, version: `1.${n % 3}.0` }),
        );
        const place = { journalId: name, after, upTo: position, appliedAt: noon(TODAY) };
        await writer.apply({ ...place, reports, deletions: [] });
      },
    };
  };
  const first = await open('first');
  const reader = openReaderAt(url);
  onTestFinished(async () => reader.close());
  return { url, first, second: await open('second'), leader: await open(LEADER), reader };
}

const LEADER = 'folding-leader';

/** Puts all lanes together, and tells how many rows went. */
async function fold({ writer }: Node): Promise<number> {
  let rows = 0;
  let after: DropCursor | null = null;
  do {
    const folded = await writer.fold({ after, limitMs: 10 });
    rows += folded.rows;
    after = folded.next;
  } while (after !== null);
  return rows;
}

const DAYS = { project: 'acme', from: TODAY - 10, to: TODAY };

/** What is known, from one state of the store. */
const answers = (reader: StoreReader) =>
  reader.together({
    summary: { project: 'acme', day: TODAY },
    gaps: { ...DAYS, ci: false },
    valueGaps: { ...DAYS, dimension: 'version' },
    reports: { ...DAYS, ci: false },
    retention: { ...DAYS, interval: 'day' },
    reportValues: { ...DAYS, dimension: 'event' },
    quality: DAYS,
  });

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

const countRows = async (client: pg.Client, table: string): Promise<number> => {
  const sql = `SELECT count(*)::int AS n FROM ${table}`;
  return (await client.query<{ n: number }>(sql)).rows[0]?.n ?? 0;
};

describe('folding the lanes of nodes', () => {
  it('leaves one row of each count, and every answer as it was', async () => {
    const { url, first, second, leader, reader } = await openNodes();
    for (const day of [TODAY - 2, TODAY - 1, TODAY]) {
      await first.count(0, 10, day);
      await second.count(5, 10, day);
    }
    const client = await connect(url);
    const before = await answers(reader);
    expect(await countRows(client, 'report_days')).toBe(6);
    expect(await fold(leader)).toBeGreaterThan(6);
    expect(await countRows(client, 'report_days')).toBe(3);
    expect(await answers(reader)).toEqual(before);
    // There is nothing left, and what is counted afterwards adds to it.
    expect(await fold(leader)).toBe(0);
    await second.count(100, 1);
    expect(await answers(reader)).toMatchObject({
      summary: { totalUsers: before.summary.totalUsers + 1, totalReports: 61 },
    });
  });

  it('changes no sum while others count, and keeps none of them from counting', async () => {
    const { first, second, leader, reader } = await openNodes();
    let isCounting = true;
    const counting = Promise.all(
      [first, second].map(async ({ count }) => {
        // The same people, so that both change the same counts.
        for (let round = 0; round < 12; round++) await count(0, 20, TODAY - (round % 3));
      }),
    ).finally(() => (isCounting = false));
    const folding = (async () => {
      let rows = 0;
      while (isCounting) rows += await fold(leader);
      return rows;
    })();
    let states = 0;
    while (isCounting) {
      const { summary, reports, reportValues, quality } = await answers(reader);
      const sumOf = (all: readonly { readonly n: number }[]): number =>
        all.reduce((sum, { n }) => sum + n, 0);
      const total = summary.totalReports;
      const sums = [sumOf(reports), sumOf(reportValues), quality.accepted ?? 0];
      expect(sums).toEqual([total, total, total]);
      states++;
    }
    await counting;
    expect(states).toBeGreaterThan(0);
    expect((await folding) + (await fold(leader))).toBeGreaterThan(0);
    expect((await answers(reader)).summary).toMatchObject({ totalUsers: 20, totalReports: 480 });
  });

  it('changes nothing where the leader dies amid it, and another one goes on', async () => {
    const { url, first, second, leader, reader } = await openNodes();
    for (const { count } of [first, second]) await count(0, 10);
    await fold(leader);
    for (const { count } of [first, second]) await count(0, 10);
    const before = await answers(reader);
    const client = await connect(url);
    // It has taken the lanes when it waits for the row that they are put to.
    await client.query('BEGIN; SELECT FROM totals WHERE lane = 0 FOR UPDATE');
    const dying = expect(fold(leader)).rejects.toThrow('cannot be used');
    const watch = await connect(url);
    await until('the leader has taken the lanes', async () => {
      const { rows } = await watch.query(
        `SELECT FROM pg_stat_activity
         WHERE application_name = '${LEADER}' AND wait_event_type = 'Lock'`,
      );
      return rows.length > 0;
    });
    await watch.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${LEADER}'`,
    );
    await client.query('COMMIT');
    await dying;
    expect(await answers(reader)).toEqual(before);
    expect(await fold(second)).toBeGreaterThan(0);
    expect(await answers(reader)).toEqual(before);
    await first.count(10, 1);
    expect((await answers(reader)).summary).toMatchObject({ totalUsers: 11, totalReports: 41 });
  });
});
