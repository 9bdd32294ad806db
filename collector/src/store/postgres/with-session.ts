import { StoreSchemaError } from '../store-schema-error.js';
import { asStoreError } from './as-store-error.js';
import { type Connection, connectionOf } from './connection.js';
import { whileWatched } from './server-watch.js';
import type { StoreAddress } from './store-address.js';
import { connectTo } from './writing-connection.js';

/** Runs work on a session of its own: what it locks or sets ends with it. */
export async function withSession<Result>(
  store: StoreAddress,
  work: (session: Connection) => Promise<Result>,
): Promise<Result> {
  const client = await connectTo(store).catch((error: unknown) => {
    throw asStoreError(error, true);
  });
  try {
    return await whileWatched(client, () => work(connectionOf(client)));
  } catch (error) {
    throw error instanceof StoreSchemaError ? error : asStoreError(error, true);
  } finally {
    await client.end();
  }
}
