import type pg from 'pg';
import { type Connection, connectionOf } from './connection.js';
import { claimStore } from './claim-store.js';
import { MIGRATIONS } from './migrations/migrations.js';
import { clientConfigs } from './client-configs.js';
import { connectToFirst } from './first-host.js';
import { StoreChangedError } from '../../store-down-error.js';
import { FIND_GONE_NODES, WatchableClient, whileWatched } from './server-watch.js';
import type { StoreAddress } from './store-address.js';
import { learnTimelines } from './learn-timelines.js';
import { noteTimeline } from './known-timelines.js';
import { readRole } from './server-role.js';
import { requirePrimary } from './require-primary.js';
import { createTransactions, type Transactions } from './transactions.js';

/** Where a node writes. */
export interface WriterAddress {
  readonly store: StoreAddress;
  /** The name of the node: it writes into a lane of its own. */
  readonly node: string;
  /** The last schema that the node knows. */
  readonly knows: number;
}

/** What must be forgotten, and when. */
export interface Forgetting {
  /** At the end of each transaction, also of one that was committed. */
  readonly afterTransaction: () => void;
  /** Whatever is remembered may be wrong: the transaction failed, or the server is another one. */
  readonly afterFailure: () => void;
}

/** The one connection of a node that writes. It is opened again when it was lost. */
export interface WritingConnection extends Transactions {
  /** The lane of the node, which may be another one after a failover. */
  readonly lane: () => number;
  /** When the connection was opened, in milliseconds since 1970. */
  readonly openedAt: () => number;
  readonly onForget: (forgetting: Forgetting) => void;
  /** Lets work go on that a connection which was opened anew has stopped. */
  readonly accept: () => void;
}

/**
 * Connects, and claims the lane of the node.
 *
 * @param stopsAnew - Whether each connection after the first must be accepted: the server may be
 *   another one, which has counted less. Work throws {@link StoreChangedError} before.
 */
export async function openWritingConnection(
  { store, node, knows }: WriterAddress,
  stopsAnew: boolean,
): Promise<WritingConnection> {
  let lane: number | undefined;
  let openedAt = 0;
  let isAccepted = true;
  let forgetting: Forgetting | undefined;

  const laneNow = (): number => {
    if (lane === undefined) throw new Error('A lane is claimed with each connection.');
    return lane;
  };
  const open = async (): Promise<WatchableClient> => {
    await learnTimelines(store);
    const opened = await connectToUse(store, knows);
    try {
      isAccepted = !stopsAnew || lane === undefined;
      forgetting?.afterFailure();
      lane = await whileWatched(opened, async () => {
        await noteTimeline(store.timelines, (await readRole(opened)).timeline);
        return prepareNode(opened, node);
      });
    } catch (error) {
      await opened.end().catch(() => undefined); // it is used no further
      throw error;
    }
    openedAt = Date.now();
    return opened;
  };
  const { connection, transaction, close } = createTransactions({
    open,
    check: () => {
      if (isAccepted) return;
      throw new StoreChangedError('The connection to the store was opened anew.');
    },
    beforeCommit: () => nameState(laneNow()),
    afterTransaction: () => forgetting?.afterTransaction(),
    afterFailure: () => forgetting?.afterFailure(),
  });
  await transaction(() => Promise.resolve());
  return {
    ...{ connection, transaction, close },
    lane: laneNow,
    openedAt: () => openedAt,
    accept: () => {
      isAccepted = true;
    },
    onForget: (given) => {
      forgetting = given;
    },
  };
}

/** Names the state that a transaction leaves, unless it has only read: then no other state begins. */
const nameState = (lane: number): string =>
  `UPDATE lanes SET state = gen_random_uuid()
   WHERE lane = ${lane} AND pg_current_xact_id_if_assigned() IS NOT NULL;`;

/** The server ends what a node that is gone without a word has begun, and frees its locks. */
const FREE_SOON = `${FIND_GONE_NODES}; SET idle_in_transaction_session_timeout = '60s'`;

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

/** Connects to a store, and keeps it from being moved for as long as the connection lasts. */
export async function connectToUse(
  store: StoreAddress,
  knows = MIGRATIONS.length,
): Promise<WatchableClient> {
  const opened = await connectTo(store);
  try {
    await whileWatched(opened, () => claimStore(connectionOf(opened), knows));
    return opened;
  } catch (error) {
    await opened.end().catch(() => undefined); // it is used no further
    throw error;
  }
}

/** Connects to the first of several hosts that may be written to. */
export function connectTo(store: StoreAddress): Promise<WatchableClient> {
  return connectToFirst(
    clientConfigs(store),
    (config, taken) => connectToHost(config, store, taken),
    (client) => void client.end(),
  );
}

async function connectToHost(
  config: pg.ClientConfig,
  store: StoreAddress,
  taken: AbortSignal,
): Promise<WatchableClient> {
  const client = new WatchableClient(config);
  const cut = (): void => client.cut();
  taken.addEventListener('abort', cut);
  try {
    await client.connect();
    if (store.needsPrimary) await whileWatched(client, () => requirePrimary(client, store));
    return client;
  } catch (error) {
    await client.end().catch(() => undefined); // it is tried no further
    throw error;
  } finally {
    taken.removeEventListener('abort', cut);
  }
}
