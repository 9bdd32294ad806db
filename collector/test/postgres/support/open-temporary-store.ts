import { openPostgresStore } from '../../../src/store/postgres/open-postgres-store.js';
import { readStoreAddress } from '../../../src/store/postgres/store-address.js';
import type { Store } from '../../../src/store/store.js';
import { temporarySchema } from './temporary-schema.js';

/** An empty store, which is gone after the test. */
export async function openTemporaryStore(): Promise<Store> {
  const store = readStoreAddress(await temporarySchema());
  return openPostgresStore(store, { node: 'node', openedAt: 0 });
}
