import type { Store } from '../store.js';
import { connectionOf } from './connection.js';
import { openPostgresReader } from './counts-reader.js';
import { openPostgresWriter, type WriterOptions } from './counts-writer.js';
import { migrate } from './migrate.js';
import { type StoreAddress } from './store-address.js';
import { connectTo } from './writing-connection.js';

/** Brings the schema of a store up to date. */
export async function migrateStore(store: StoreAddress, appliedAt: number): Promise<void> {
  const client = await connectTo({ ...store, needsPrimary: true });
  try {
    await migrate(connectionOf(client), appliedAt);
  } finally {
    await client.end();
  }
}

/** Opens a store, and brings its schema up to date before. */
export async function openPostgresStore(
  store: StoreAddress,
  {
    node,
    openedAt,
    ...options
  }: WriterOptions & { readonly node: string; readonly openedAt: number },
): Promise<Store> {
  await migrateStore(store, openedAt);
  return {
    writer: await openPostgresWriter({ store, node }, options),
    reader: openPostgresReader(store),
  };
}
