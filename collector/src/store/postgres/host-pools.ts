import pg from 'pg';
import { asStoreError } from './as-store-error.js';
import { clientConfigs } from './client-configs.js';
import { connectToFirst } from './first-host.js';
import { WatchableClient, whileWatched } from './server-watch.js';
import type { StoreAddress } from './store-address.js';
import { refuseOld } from './known-timelines.js';
import { nameOf, requirePrimary } from './require-primary.js';
import type { Timeline } from './server-role.js';

/** How long a server may take for a statement of a question: it ends them itself before, in milliseconds. */
const ANSWER_MS = 30_000;

export type PooledClient = WatchableClient & pg.PoolClient;

/** Connections to the first host of an address that will do, kept for later. */
export interface HostPools {
  /** @throws `StoreDownError` if no host will do. */
  acquire(): Promise<PooledClient>;
  close(): Promise<void>;
}

/**
 * Opens a pool for each host, which connects when it is asked. The host that answered last is asked
 * first.
 *
 * @param max - Connections to a host at most.
 */
export function openHostPools(store: StoreAddress, max: number): HostPools {
  const pools = clientConfigs(store).map((config) => {
    const pool = new pg.Pool({
      ...{ ...config, max, query_timeout: ANSWER_MS },
      Client: WatchableClient,
    });
    // A connection that nobody uses was lost: the next question opens another.
    pool.on('error', () => undefined);
    return pool;
  });
  const known = new WeakMap<PooledClient, Timeline | undefined>();
  let current = 0;

  const connect = async (pool: pg.Pool): Promise<PooledClient> => {
    const client = (await pool.connect()) as PooledClient; // the pool makes them
    if (!store.needsPrimary) return client;
    try {
      // Its place may have been taken since it was asked.
      if (known.has(client)) refuseOld(store.timelines, known.get(client), nameOf(client));
      else known.set(client, await whileWatched(client, () => requirePrimary(client, store)));
    } catch (error) {
      client.release(true);
      throw error;
    }
    return client;
  };
  return {
    acquire: async () => {
      const inTurn = [...pools.slice(current), ...pools.slice(0, current)];
      try {
        const { pool, client } = await connectToFirst(
          inTurn,
          async (pool) => ({ pool, client: await connect(pool) }),
          ({ client }) => client.release(),
        );
        current = pools.indexOf(pool);
        return client;
      } catch (error) {
        throw asStoreError(error, true);
      }
    },
    close: async () => void (await Promise.all(pools.map((pool) => pool.end()))),
  };
}
