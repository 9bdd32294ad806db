import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openReader } from '../../src/sqlite/database.js';
import { withToken } from '../support/admin-token.js';
import type { Cause } from '../../src/health/causes.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { type Cluster, type Standby, startCluster, startStandby } from './support/cluster.js';
import { startNodes } from './support/start-nodes.js';
import { type Cable, startCable } from './support/start-cable.js';
import { run } from './support/run.js';
import { createKeptEntries } from '../../src/counting/kept-entries.js';
import { createNeeded } from '../../src/counting/needed.js';
import { markOf } from '../../src/store/mark-of.js';
import { preferReplica } from '../../src/store/postgres/prefer-replica.js';
import { openReplicaProgress } from '../../src/store/postgres/replica-progress.js';
import {
  openStateSource,
  readState,
  type StateSource,
} from '../../src/store/postgres/state-source.js';
import { readStoreAddress } from '../../src/store/postgres/store-address.js';

const undo: (() => void | Promise<void>)[] = [];
let primary: Cluster;
let standby: Standby;
/** From the primary to the standby. */
let cable: Cable;

beforeAll(async () => {
  primary = await startCluster({ isDurable: true });
  undo.unshift(() => primary.stop());
  cable = await startCable(primary.port, (step) => void undo.unshift(step));
  standby = await startStandby(primary, { port: cable.port });
  undo.unshift(() => standby.stop());
});

afterAll(async () => {
  for (const step of undo) await step();
});

let schemas = 0;

/** A schema of its own, on the primary and as the replica has it. */
async function makeSchema(): Promise<{ store: string; readStore: string }> {
  const name = `t_${++schemas}`;
  await run(primary.url, `CREATE SCHEMA ${name}`);
  const options = `options=${encodeURIComponent(`-c search_path=${name}`)}`;
  const hosts = [primary, standby].map(({ port }) => `127.0.0.1:${port}`).join(',');
  return {
    store: `postgres://postgres@${hosts}/postgres?target_session_attrs=read-write&${options}`,
    readStore: `${standby.url}?${options}`,
  };
}

async function send(collector: TestCollector, count: number, name: string): Promise<void> {
  const reports = Array.from({ length: count }, (_, n) => ({
    anonymous_id: `${name}-${n}`,
    timestamp: '2026-11-22T20:00:00.000Z',
    project: 'acme',
    info: { os: 'Linux', version: '1.0.0' },
  }));
  const { status } = await collector.post('/v1/reports', { reports });
  expect(status).toBe(202);
}

async function untilReports(collector: TestCollector, reports: number): Promise<void> {
  await until(`${reports} reports are counted`, async () => {
    // Not over HTTP: a node keeps an answer until it has counted more itself.
    const { totalReports } = await collector.store.summary({ project: 'acme', day: 0 });
    return totalReports === reports;
  });
}

/** Reports that the collector's journal has still. */
function keptEntries({ data }: TestCollector): number {
  const journal = openReader(join(data, 'journal.db'));
  try {
    return journal.prepare<{ n: number }>('SELECT count(*) AS n FROM entries').get()?.n ?? NaN;
  } finally {
    journal.close();
  }
}

const untilForgotten = (collector: TestCollector): Promise<void> =>
  until('the journal is empty', () => keptEntries(collector) === 0);

describe('a replica', () => {
  it('answers with what was counted just now, also while the primary is away', async () => {
    const collector = await startCollector(await makeSchema());
    await send(collector, 10, 'ada');
    const { body } = await collector.get('/v1/stats/summary?project=acme');
    expect(body).toMatchObject({ total_reports: 10, as_of: '2026-11-22T21:00:00.000Z' });
    await untilForgotten(collector);
    await primary.halt();
    try {
      // One that nobody has asked before: an answer that is there already is told again.
      const { status } = await collector.get('/v1/stats/retention?project=acme');
      expect(status).toBe(200);
    } finally {
      await primary.resume();
    }
    await send(collector, 5, 'bob');
    await untilReports(collector, 15);
  }, 180_000);

  it('that stands still is not asked for more than it has, nor are entries forgotten', async () => {
    let seconds = 0;
    const now = (): Date => new Date(Date.UTC(2026, 10, 22, 21, 0, seconds));
    const collector = await startCollector({ ...(await makeSchema()), now });
    await send(collector, 10, 'ada');
    await untilForgotten(collector);
    await standby.replay(false);
    try {
      seconds = 10;
      await send(collector, 7, 'bob');
      seconds = 20;
      // The primary answers.
      await untilReports(collector, 17);
      expect(keptEntries(collector)).toBe(7);
      await primary.halt();
      await send(collector, 3, 'eve');
      // Nobody has all: the answer says of when it is.
      await until('the replica answers', async () => {
        const { status, body } = await collector.get('/v1/stats/summary?project=acme');
        const { as_of, total_reports } = body;
        return (
          status === 200 && total_reports === 10 && String(as_of) <= '2026-11-22T21:00:10.000Z'
        );
      });
      expect(keptEntries(collector)).toBe(10);
    } finally {
      await standby.replay(true);
      await primary.resume();
    }
    await untilReports(collector, 20);
    await untilForgotten(collector);
  }, 180_000);
});

/** Whether the standby answers a question. */
async function isAnsweredByStandby(source: StateSource): Promise<boolean> {
  return readState(source, async (connection) => {
    const row = await connection.get<{ is: boolean }>('SELECT pg_is_in_recovery() AS is');
    return row?.is === true;
  });
}

describe('questions of several threads', () => {
  it('wait once for a replica that stands still, and go to it again once it was seen to have all', async () => {
    const { store, readStore } = await makeSchema();
    const collector = await startCollector({ store });
    await collector.close();
    const way = await startCable(standby.port, (step) => void undo.unshift(step));
    const address = readStore.replace(`:${standby.port}`, `:${way.port}`);
    const replica = {
      ...{ address, node: 'ada' },
      needed: new SharedArrayBuffer(2 * BigInt64Array.BYTES_PER_ELEMENT),
    };
    const counts = { kind: 'postgres', address: store, replica } as const;
    const progress = openReplicaProgress(readStore);
    const stopping = new AbortController();
    const nothing = (): void => undefined;
    const kept = createKeptEntries({
      ...{ journal: { forget: nothing }, counts, later: false },
      replica: {
        ask: async () => {
          const { positions, isStandby } = await progress.read([markOf('ada')]);
          return { position: 0, mark: positions.get(markOf('ada')) ?? 0, isStandby };
        },
        ...{ counted: () => 0, now: () => new Date(), signal: stopping.signal },
        ...{ onFailure: nothing, onRecovery: nothing, onRole: nothing },
      },
    });
    const threads = [1, 2].map(() =>
      preferReplica(openStateSource(readStoreAddress(store), 1), replica, 1),
    );
    /** Asks in each thread. @returns Which server answered, and how often the replica was asked. */
    const ask = async () => {
      const found: { readonly standby: boolean; readonly bytes: number }[] = [];
      for (const thread of threads) {
        const before = way.bytes();
        found.push({ standby: await isAnsweredByStandby(thread), bytes: way.bytes() - before });
      }
      return found;
    };
    try {
      await standby.untilReceived();
      await standby.untilReplayed();
      await ask(); // connects
      const atOnce = Math.max(...(await ask()).map(({ bytes }) => bytes));
      await standby.replay(false);
      const written = readStore.replace(`:${standby.port}`, `:${primary.port}`);
      await run(written, `INSERT INTO positions VALUES ('${markOf('ada')}', 7, 0, 0)`);
      kept.raise(7);
      kept.look();
      const asked = [...(await ask()), ...(await ask())];
      expect(asked.map(({ standby }) => standby)).toEqual([false, false, false, false]);
      expect(asked.filter(({ bytes }) => bytes > 2 * atOnce).length).toBeLessThanOrEqual(1);

      await standby.replay(true);
      const needed = createNeeded(counts);
      kept.look();
      await until('the replica is waited for again', () => needed?.isBehind === false);
      expect((await ask()).map(({ standby }) => standby)).toEqual([true, true]);
    } finally {
      await standby.replay(true);
      stopping.abort();
      await kept.ended();
      await progress.close();
      for (const thread of threads) await thread.close();
    }
  }, 180_000);
});

describe('the health of a collector', () => {
  it('tells of a replica that is away or behind, while all goes on', async () => {
    let passedMs = 0;
    const start = Date.parse('2026-11-22T21:00:00.000Z');
    const collector = await startCollector({
      ...(await makeSchema()),
      now: () => new Date(start + passedMs),
      monotonicMs: () => performance.now() + passedMs,
      maxClockJumpMs: Infinity,
    });
    /** What is told of the replica a minute later, where all else is well. */
    const told = async (): Promise<unknown> => {
      passedMs += 61_000;
      const { status, body } = await collector.get('/health');
      expect([status, (await collector.get('/readyz')).status]).toEqual([200, 200]);
      const { replica } = body['warnings'] as Record<string, { readonly causes: Cause[] }>;
      const { text } = await collector.get('/metrics', withToken());
      const metric = /^headcount_warning\{warning="replica"\} (\d)$/m.exec(text)?.[1];
      return `${metric}: ${replica?.causes.map(({ code }) => code).join()}`;
    };
    const untilTold = (what: string): Promise<void> =>
      until(`it is told: ${what}`, async () => (await told()) === what);
    await send(collector, 3, 'ada');
    await untilForgotten(collector);
    expect(await told()).toBe('0: ');

    await standby.halt();
    // Nothing is counted meanwhile: it is looked at all the same.
    await untilTold('1: replica_fails');
    await standby.resume();
    await untilTold('0: ');

    await standby.replay(false);
    await send(collector, 2, 'bob');
    await untilReports(collector, 5);
    await untilTold('1: replica_behind');
    await standby.replay(true);
    await untilTold('0: ');
  }, 180_000);
});

describe('the address of a replica', () => {
  it('is refused as that of the store', async () => {
    await expect(startCollector({ store: standby.url })).rejects.toThrow(
      /takes no writes .* is not the primary.* Name the primary/,
    );
  });

  it('that leads to the primary is told of, and raises no warning', async () => {
    const endpoint = await startCable(standby.port, (step) => void undo.unshift(step));
    const { store, readStore } = await makeSchema();
    const collector = await startCollector({
      store,
      readStore: readStore.replace(`:${standby.port}`, `:${endpoint.port}`),
    });
    const metric = async (): Promise<string | undefined> => {
      const { text } = await collector.get('/metrics', withToken());
      return /^headcount_replica_is_standby (\d)$/m.exec(text)?.[1];
    };
    const times = (text: string): number => collector.log().split(text).length - 1;
    const untilStandby = (is: string, said: readonly [number, number]): Promise<void> =>
      until(`it is a standby: ${is}`, async () => {
        // Whatever is counted is looked for in the replica.
        await send(collector, 1, 'ada');
        const heard = [times('is no standby'), times('is a standby again')];
        return (await metric()) === is && heard.join() === said.join();
      });
    await untilStandby('1', [0, 0]);
    endpoint.leadTo(primary.port);
    await untilStandby('0', [1, 0]);
    const { status, body } = await collector.get('/health');
    expect(status).toBe(200);
    expect(body['warnings']).toMatchObject({ replica: { state: 'ok', value: 0 } });
    endpoint.leadTo(standby.port);
    await untilStandby('1', [1, 1]);
    expect(collector.log()).toMatch(/"level":"warn".*is no standby/);
    await untilForgotten(collector);
  }, 180_000);
});

describe('the tag of an answer', () => {
  it('names the state that a server answered from, though another server was asked for it', async () => {
    const { store, readStore } = await makeSchema();
    const [asked, other] = await startNodes([{ store, readStore }, { store }]);
    if (!asked || !other) throw new Error('There are two.');
    await send(asked, 1, 'ada');
    await untilForgotten(asked);
    await standby.replay(false);
    await send(asked, 2, 'bob');
    await untilReports(asked, 3);
    await standby.untilReceived();
    cable.cut();
    await send(other, 4, 'eve');
    await untilReports(other, 7);

    const url = '/v1/stats/summary?project=acme';
    const { state } = asked.store;
    // The primary tells its state. Then the replica has what the collector has counted, and answers.
    const spy = vi.spyOn(asked.store, 'state').mockImplementationOnce(async () => {
      const found = await state();
      await standby.replay(true);
      await standby.untilReplayed();
      return found;
    });
    const first = await asked.get(url);
    spy.mockRestore();
    expect(first.body).toMatchObject({ total_reports: 3 });
    // Now the primary has to answer, in the state that was told before.
    await standby.halt();
    try {
      const again = await asked.get(url, { 'if-none-match': String(first.headers['etag']) });
      expect(again.status).toBe(200);
      expect(again.body).toMatchObject({ total_reports: 7 });
      const same = await asked.get(url, { 'if-none-match': String(again.headers['etag']) });
      expect(same.status).toBe(304);
    } finally {
      cable.mend();
      await standby.resume();
    }
    // The replica has all now, and its tags are its own.
    await untilForgotten(asked);
  }, 180_000);
});

describe('the end of a collector', () => {
  it('waits until the replica has what is counted, as long as there is time', async () => {
    const stores = await makeSchema();
    const [patient, hasty] = [
      await startCollector({ ...stores, drainSeconds: 60 }),
      await startCollector({ ...(await makeSchema()), drainSeconds: 0 }),
    ];
    await standby.replay(false);
    try {
      for (const collector of [patient, hasty]) {
        await send(collector, 4, 'ada');
        await untilReports(collector, 4);
      }
      let isClosed = false;
      const closed = patient.close().then(() => (isClosed = true));
      await hasty.close();
      expect(hasty.log()).toContain('4 entries stay in the journal');
      expect(isClosed).toBe(false);
      await standby.replay(true);
      await closed;
      expect([keptEntries(patient), keptEntries(hasty)]).toEqual([0, 4]);
      expect(patient.log()).not.toContain('stay in the journal');
    } finally {
      await standby.replay(true);
    }
  }, 180_000);
});

describe('a failover to a standby that is behind', () => {
  it('loses nothing that the standby was asked for, and counts what else is lost', async () => {
    const { store, readStore } = await makeSchema();
    const careful = await startCollector({ store, readStore });
    const data = temporaryFolder();
    copyFileSync(join(careful.data, 'pepper'), join(data, 'pepper'));
    const careless = await startCollector({ store, data });
    await send(careful, 10, 'ada');
    await send(careless, 5, 'bob');
    await untilReports(careful, 15);
    await untilForgotten(careful);

    await standby.cutOff();
    await send(careful, 8, 'eve');
    await send(careless, 4, 'dan');
    await untilReports(careful, 27);
    await untilForgotten(careless);
    await primary.halt();
    await send(careful, 2, 'fay');
    await standby.promote();

    await send(careless, 1, 'gus');
    await untilReports(careful, 10 + 8 + 2 + 5 + 1);
    await untilForgotten(careful);
    const { body } = await careful.get('/v1/stats/quality');
    expect(body).toMatchObject({ accepted: 26, duplicates: 0, lost_in_restore: 4, uncountable: 0 });
    expect(careless.log()).toContain('4 acknowledged entries were counted in newer counts only');
    expect(careful.log()).not.toContain('acknowledged entries were counted in newer');
  }, 180_000);
});
