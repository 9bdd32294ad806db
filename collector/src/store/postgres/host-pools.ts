import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { hasCode } from '../../has-code.js';
import { asStoreError } from './as-store-error.js';
import { clientConfigs } from './client-configs.js';
import { TOO_MANY } from './explain-server-error.js';
import { connectToFirst } from './first-host.js';
import { WatchableClient, whileWatched } from './server-watch.js';
import type { StoreAddress } from './store-address.js';
import { refuseOld } from './known-timelines.js';
import { nameOf, requirePrimary } from './require-primary.js';
import type { Timeline } from './server-role.js';

/** How long a server may take for a statement of a question: it ends them itself before, in milliseconds. */
const ANSWER_MS = 30_000;

/** How long a question waits for a connection where the server takes none more, in milliseconds. */
const WAIT_MS = 5000;

/** How long until it asks again, in milliseconds. */
const PAUSE_MS = 20;

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
    const client = (await takeFrom(pool)) as PooledClient; // the pool makes them
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
      // The others may be standbys, which says nothing.
      let refusal: unknown;
      const inTurn = [...pools.slice(current), ...pools.slice(0, current)];
      try {
        const { pool, client } = await connectToFirst(
          inTurn,
          async (pool) => {
            const client = await connect(pool).catch((error: unknown) => {
              if (hasCode(error, TOO_MANY)) refusal = error;
              throw error;
            });
            return { pool, client };
          },
          ({ client }) => client.release(),
        );
        current = pools.indexOf(pool);
        return client;
      } catch (error) {
        throw asStoreError(refusal ?? error, true);
      }
    },
    close: async () => void (await Promise.all(pools.map((pool) => pool.end()))),
  };
}

/** Takes a connection that is free or new; where no new one is to be had, the next that is given back. */
async function takeFrom(pool: pg.Pool): Promise<pg.PoolClient> {
  const endMs = performance.now() + WAIT_MS;
  for (;;) {
    try {
      return await pool.connect();
    } catch (error) {
      const isRefused = hasCode(error, TOO_MANY) && pool.totalCount > 0;
      if (!isRefused || performance.now() > endMs) throw error;
    }
    await wait(PAUSE_MS);
  }
}
