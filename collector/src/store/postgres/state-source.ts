import { isStoreDown } from '../../store-down-error.js';
import { asStoreError } from './as-store-error.js';
import { type Connection, connectionOf } from './connection.js';
import { openHostPools } from './host-pools.js';
import { watchServer } from './server-watch.js';
import type { StoreAddress } from './store-address.js';

/** One state of a store, for reading. */
export interface HeldState {
  readonly connection: Connection;
  /** @throws `StoreDownError` if the connection is lost. */
  end(): Promise<void>;
}

/** Gives states of a store, each on a connection of its own. */
export interface StateSource {
  /** @throws `StoreDownError` */
  hold(): Promise<HeldState>;
  /** Where to ask again when the server of a state went away. */
  readonly fallback?: Pick<StateSource, 'hold'>;
  close(): Promise<void>;
}

const ONE_STATE = 'ISOLATION LEVEL REPEATABLE READ READ ONLY';

/**
 * Opens a source of states.
 *
 * @param max - States that are held at the same time.
 */
export function openStateSource(store: StoreAddress, max: number): StateSource {
  const pools = openHostPools(store, max);
  return {
    hold: async () => {
      const client = await pools.acquire();
      const connection = connectionOf(client);
      const endWatch = watchServer(client);
      const run = async (sql: string): Promise<void> => {
        try {
          await connection.exec(sql);
        } catch (error) {
          endWatch();
          client.release(true);
          throw asStoreError(error, true);
        }
      };
      await run(`BEGIN ${ONE_STATE}`);
      return {
        connection,
        end: async () => {
          // What failed is rolled back by it.
          await run('COMMIT');
          endWatch();
          client.release();
        },
      };
    },
    close: () => pools.close(),
  };
}

/** Runs work on one state. */
export async function readState<Result>(
  source: Pick<StateSource, 'hold' | 'fallback'>,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  try {
    return await readHeld(await source.hold(), work);
  } catch (error) {
    const { fallback } = source;
    if (fallback === undefined || !isStoreDown(error)) throw error;
    return readHeld(await fallback.hold(), work);
  }
}

async function readHeld<Result>(
  held: HeldState,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  let result: Result;
  try {
    result = await work(held.connection);
  } catch (error) {
    const isLost = await held.end().then(
      () => false,
      () => true,
    );
    throw asStoreError(error, isLost);
  }
  await held.end();
  return result;
}
