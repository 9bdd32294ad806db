import type pg from 'pg';
import { type Connection, connectionOf } from './connection.js';
import { isRetried, RetryError } from './retry-error.js';
import { asStoreError } from './as-store-error.js';
import { claimToCount } from './claim-store.js';
import { clientConfigs } from './client-configs.js';
import { StoreChangedError } from '../store-down-error.js';
import { createClient, watchServer } from './server-watch.js';
import type { StoreAddress } from './store-address.js';

/** Where a node writes. */
export interface WriterAddress {
  readonly store: StoreAddress;
  /** The name of the node: it writes into a lane of its own. */
  readonly node: string;
}

/** What must be forgotten, and when. */
export interface Forgetting {
  /** At the end of each transaction, also of one that was committed. */
  readonly afterTransaction: () => void;
  /** Whatever is remembered may be wrong: the transaction failed, or the server is another one. */
  readonly afterFailure: () => void;
}

/** The one connection of a node that writes. It is opened again when it was lost. */
export interface WritingConnection {
  readonly connection: Connection;
  /** The lane of the node, which may be another one after a failover. */
  readonly lane: () => number;
  /** When the connection was opened, in milliseconds since 1970. */
  readonly openedAt: () => number;
  /**
   * Runs work in a transaction, one after the other. It may run several times: its changes count
   * once, or not at all.
   *
   * @param work - Told whether it must keep other nodes out.
   */
  readonly transaction: <Result>(work: (isAlone: boolean) => Promise<Result>) => Promise<Result>;
  readonly onForget: (forgetting: Forgetting) => void;
  /** Lets work go on that a connection which was opened anew has stopped. */
  readonly accept: () => void;
  readonly close: () => Promise<void>;
}

/** How often a transaction begins anew when other nodes get in its way. */
const MAX_RETRIES = 20;

/**
 * Connects, and claims the lane of the node.
 *
 * @param stopsAnew - Whether each connection after the first must be accepted: the server may be
 *   another one, which has counted less. Work throws {@link StoreChangedError} before.
 */
export async function openWritingConnection(
  { store, node }: WriterAddress,
  stopsAnew: boolean,
): Promise<WritingConnection> {
  let client: pg.Client | undefined;
  let lane: number | undefined;
  let openedAt = 0;
  let isAccepted = true;
  let forgetting: Forgetting | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let commit = 'COMMIT';

  const connect = async (): Promise<pg.Client> => {
    if (client !== undefined) return client;
    const opened = await connectTo(store);
    try {
      await claimToCount(connectionOf(opened));
    } catch (error) {
      await opened.end().catch(() => undefined); // it is used no further
      throw error;
    }
    opened.on('error', () => {
      if (client === opened) client = undefined;
    });
    isAccepted = !stopsAnew || lane === undefined;
    forgetting?.afterFailure();
    const claimed = await prepareNode(opened, node).catch(async (error: unknown) => {
      await opened.end().catch(() => undefined); // it is used no further
      throw error;
    });
    lane = claimed;
    commit = `${nameState(claimed)}; COMMIT`;
    openedAt = Date.now();
    return (client = opened);
  };
  const current = (): Connection => {
    if (client === undefined) throw new Error('The connection to the database is lost.');
    return connectionOf(client);
  };
  const connection: Connection = {
    all: (sql, values) => current().all(sql, values),
    get: (sql, values) => current().get(sql, values),
    run: (sql, values) => current().run(sql, values),
    exec: (sql) => current().exec(sql),
  };
  const attempt = async <Result>(
    work: (isAlone: boolean) => Promise<Result>,
    isAlone: boolean,
  ): Promise<Result> => {
    const opened = await connect().catch((error: unknown) => {
      throw asStoreError(error, true);
    });
    if (!isAccepted) throw new StoreChangedError('The connection to the store was opened anew.');
    const endWatch = watchServer(opened);
    try {
      await connection.exec('BEGIN');
      const result = await work(isAlone);
      await connection.exec(commit);
      forgetting?.afterTransaction();
      return result;
    } catch (error) {
      forgetting?.afterTransaction();
      forgetting?.afterFailure();
      let isLost = false;
      await opened.query('ROLLBACK').catch(async () => {
        isLost = true;
        if (client === opened) client = undefined;
        await opened.end().catch(() => undefined); // it is lost already
      });
      throw isRetried(error) ? error : asStoreError(error, isLost);
    } finally {
      endWatch();
    }
  };
  const retry = async <Result>(work: (isAlone: boolean) => Promise<Result>): Promise<Result> => {
    let isAlone = false;
    for (let tries = 1; ; tries++) {
      try {
        return await attempt(work, isAlone);
      } catch (error) {
        if (!isRetried(error)) throw error;
        if (tries > MAX_RETRIES) throw asStoreError(error, true);
        isAlone ||= error instanceof RetryError && error.alone;
      }
    }
  };
  const transaction = <Result>(work: (isAlone: boolean) => Promise<Result>): Promise<Result> => {
    const result = last.then(() => retry(work));
    last = result.catch(() => undefined); // told to its caller
    return result;
  };
  const laneNow = (): number => {
    if (lane === undefined) throw new Error('A lane is claimed with each connection.');
    return lane;
  };
  await transaction(() => Promise.resolve());
  return {
    ...{ connection, transaction },
    lane: laneNow,
    openedAt: () => openedAt,
    accept: () => {
      isAccepted = true;
    },
    onForget: (given) => {
      forgetting = given;
    },
    close: async () => {
      await last;
      await client?.end();
      client = undefined;
    },
  };
}

/** Names the state that a transaction leaves, unless it has only read: then no other state begins. */
const nameState = (lane: number): string =>
  `UPDATE lanes SET state = gen_random_uuid()
   WHERE lane = ${lane} AND pg_current_xact_id_if_assigned() IS NOT NULL`;

/** The server ends what a node that is gone without a word has begun, and frees its locks. */
const FREE_SOON = `
  SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;
  SET idle_in_transaction_session_timeout = '60s'`;

async function prepareNode(client: pg.Client, node: string): Promise<number> {
  await client.query(FREE_SOON);
  return claimLane(connectionOf(client), node);
}

async function claimLane(connection: Connection, node: string): Promise<number> {
  const insert = 'INSERT INTO lanes(node) VALUES ($1) ON CONFLICT DO NOTHING';
  const find = 'SELECT lane FROM lanes WHERE node = $1';
  const known = await connection.get<{ lane: number }>(find, [node]);
  if (known === undefined) await connection.run(insert, [node]);
  const row = known ?? (await connection.get<{ lane: number }>(find, [node]));
  if (row === undefined) throw new Error('A lane that was just claimed is not there.');
  return row.lane;
}

/** Connects to the first of several hosts that may be written to. */
export async function connectTo(store: StoreAddress): Promise<pg.Client> {
  let failure: unknown = new Error('The address of the store names no host.');
  for (const config of clientConfigs(store)) {
    const client = createClient(config);
    try {
      await client.connect();
      if (!store.needsPrimary || (await isPrimary(client))) return client;
      failure = new Error(`${client.host}:${client.port} is not the primary.`);
    } catch (error) {
      failure = error;
    }
    await client.end().catch(() => undefined); // it is tried no further
  }
  throw failure;
}

/** Whether a server takes writes. */
export async function isPrimary(client: Pick<pg.ClientBase, 'query'>): Promise<boolean> {
  const { rows } = await client.query<{ standby: boolean }>(
    'SELECT pg_is_in_recovery() AS standby',
  );
  return rows[0]?.standby === false;
}
