import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openNodeWriter, openReaderAt } from '../../src/store/postgres/open-postgres-store.js';
import { isStoreDown } from '../../src/store-down-error.js';
import type { Deletion, StoreReader, StoreWriter } from '../../src/store/store.js';
import type { CountedReport } from '../../src/rules/counted-report.js';
import { countedReport as report, noon, TODAY, uidOf } from '../support/counted-report.js';
import { until } from '../support/until.js';
import { temporarySchema } from './support/temporary-schema.js';

interface Node {
  readonly name: string;
  readonly writer: StoreWriter;
  position: number;
}

/** Some nodes on one store. */
async function openNodes(count: number): Promise<{
  readonly url: string;
  readonly nodes: readonly Node[];
  readonly reader: StoreReader;
}> {
  const schema = await temporarySchema();
  const url = `${schema}&application_name=${randomUUID()}`;
  const names = Array.from({ length: count }, (_, n) => `node-${n}`);
  const nodes = await Promise.all(
    names.map(async (node) => ({
      name: node,
      writer: await openNodeWriter(url, { node, openedAt: 0, pepperId: 'pepper' }),
      position: 0,
    })),
  );
  const reader = openReaderAt(url);
  onTestFinished(async () => {
    await reader.close();
    for (const { writer } of nodes) await writer.close();
  });
  return { url, nodes, reader };
}

async function apply(node: Node, ...reports: readonly CountedReport[]): Promise<void> {
  const after = node.position;
  node.position += reports.length;
  const place = { journalId: node.name, after, upTo: node.position, appliedAt: noon(TODAY) };
  await node.writer.apply({ ...place, reports, deletions: [] });
}

/** Applies as counting does: again until it is done, also where the connection was lost meanwhile. */
async function applySurely(
  node: Node,
  reports: readonly CountedReport[],
  deletions: readonly Deletion[] = [],
): Promise<void> {
  const after = node.position++;
  const place = { journalId: node.name, after, upTo: node.position, appliedAt: noon(TODAY) };
  await until('it is applied', async () => {
    try {
      await node.writer.apply({ ...place, reports, deletions });
      return true;
    } catch (error) {
      if (!isStoreDown(error)) throw error;
      return false;
    }
  });
}

/** Numbers from 0 to 1 that are the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** The tables that have a hash anywhere in a row, by the name that it is of. */
async function tablesWith(
  url: string,
  uids: readonly Buffer[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const client = new pg.Client(url);
  await client.connect();
  const found = new Map<string, string[]>();
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()`,
  );
  for (const { name } of tables) {
    const { rows } = await client.query<{ row: string }>(
      `SELECT replace(t::text, '-', '') AS row FROM ${name} t`,
    );
    for (const uid of uids) {
      if (!rows.some(({ row }) => row.includes(uid.toString('hex')))) continue;
      const user = uid.toString().replace(/\.+$/, '');
      found.set(user, [...(found.get(user) ?? []), name]);
    }
  }
  await client.end();
  return found;
}

const summary = (reader: StoreReader) => reader.summary({ project: 'acme', day: TODAY });

describe('several nodes on one store', () => {
  it('migrate it once, whoever comes first', async () => {
    const { reader } = await openNodes(4);
    expect(await reader.projects()).toEqual([]);
  });

  it('count what all of them got once, with the same people and new values at the same time', async () => {
    const { nodes, reader } = await openNodes(4);
    const all = Array.from({ length: 120 }, (_, n) =>
      report({ user: `user-${n % 40}`, version: `1.${n % 30}.0`, day: TODAY - (n % 5) }),
    );
    // Each report comes to two nodes, as from a client that did not see the answer.
    await Promise.all(
      nodes.map(async (node, at) => {
        const own = all.filter((_, n) => n % 4 === at || n % 4 === (at + 1) % 4);
        for (let from = 0; from < own.length; from += 7) {
          await apply(node, ...own.slice(from, from + 7));
        }
      }),
    );
    const { totalReports, totalUsers, version } = await summary(reader);
    expect({ totalReports, totalUsers }).toEqual({ totalReports: 120, totalUsers: 40 });
    expect(version.reduce((sum, { users }) => sum + users, 0)).toBe(40);
    expect(await reader.quality({ project: 'acme' })).toEqual({ accepted: 120, duplicates: 120 });
    expect(await reader.recent({ project: 'acme', limit: 100 })).toHaveLength(40);
    const days = { project: 'acme', from: TODAY - 5, to: TODAY };
    const reports = await reader.reports({ ...days, ci: false });
    expect(reports.map(({ n }) => n)).toEqual([24, 24, 24, 24, 24]);
  });

  it('leave nothing of a person whom one erases while another counts', async () => {
    const { nodes, reader } = await openNodes(2);
    const [counting, erasing] = nodes;
    if (counting === undefined || erasing === undefined) throw new Error('There are two.');
    for (let round = 0; round < 10; round++) {
      const user = `user-${round}`;
      const deletion = {
        ...{ project: 'acme', uid: uidOf(user), ownerHash: null },
        deletedAt: noon(TODAY) + 1,
      };
      const after = erasing.position++;
      await Promise.all([
        apply(counting, report({ user }), report({ user })),
        erasing.writer.apply({
          ...{ journalId: erasing.name, after, upTo: after + 1, reports: [], appliedAt: 1 },
          deletions: [deletion],
        }),
      ]);
    }
    expect(await summary(reader)).toMatchObject({ totalUsers: 0, os: [], version: [] });
    expect(await reader.recent({ project: 'acme', limit: 100 })).toEqual([]);
  });

  it('leave nothing of people in any table whom one erases amid reports and lost connections', async () => {
    const { url, nodes, reader } = await openNodes(2);
    const [one, other] = nodes;
    if (one === undefined || other === undefined) throw new Error('There are two.');
    const random = randomOf(17);
    await applySurely(one, [report({ user: 'stays' })]);
    const people = Array.from({ length: 24 }, (_, n) => `gone-${n}`);
    for (const user of people) {
      const [erasing, counting] = random() < 0.5 ? [one, other] : [other, one];
      const all = Array.from({ length: 4 }, () => report({ user, version: `1.${user}` }));
      const deletion = { project: 'acme', uid: uidOf(user), ownerHash: null };
      const erase = (): Promise<void> =>
        applySurely(erasing, [], [{ ...deletion, deletedAt: noon(TODAY) + 1 }]);
      const isAfterOwn = random() < 0.5;
      await Promise.all([
        (async () => {
          if (isAfterOwn) await applySurely(erasing, all.slice(0, 2));
          await erase();
        })(),
        (async () => {
          for (const one of all.slice(1)) await applySurely(counting, [one]);
        })(),
        ...(random() < 0.5 ? [killConnections(url)] : []),
      ]);
      // From the other journal: one that was sent twice, and one that was delayed.
      const late = [...all.slice(0, 2), report({ user })];
      await Promise.all([applySurely(erasing, late), applySurely(counting, late)]);
    }
    expect(await summary(reader)).toMatchObject({ totalUsers: 1, version: [{ users: 1 }] });
    const found = await tablesWith(url, ['stays', ...people].map(uidOf));
    expect(found.get('stays')).toContain('users');
    for (const user of people) expect([user, found.get(user)]).toEqual([user, ['tombstones']]);
  }, 120_000);

  it('go on after a connection was lost, and count nothing twice', async () => {
    const { url, nodes, reader } = await openNodes(1);
    const [node] = nodes;
    if (node === undefined) throw new Error('There is one.');
    await apply(node, report(), report({ user: 'bob' }));
    await killConnections(url);
    const before = { ...node };
    await apply(node, report({ user: 'eve' })).catch(() => (node.position = before.position));
    if (node.position === before.position) await apply(node, report({ user: 'eve' }));
    expect(await summary(reader)).toMatchObject({ totalUsers: 3, totalReports: 3 });
  });

  it('refuse one with another pepper', async () => {
    const { url } = await openNodes(1);
    const other = openNodeWriter(url, { node: 'other', openedAt: 0, pepperId: 'another' });
    await expect(other).rejects.toThrow('another pepper');
  });
});

/** Ends the connections of a test's collectors, as a server that restarts does. */
async function killConnections(url: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<{ ended: boolean }>(
    `SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity
     WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()`,
  );
  expect(rows.length).toBeGreaterThan(0);
  await client.end();
}
