import { openPostgresStore } from '../../../src/store/postgres/open-postgres-store.js';
import { readStoreAddress } from '../../../src/store/postgres/store-address.js';
import type { MakePlace } from '../../contracts/model-place.js';
import { temporarySchema } from './temporary-schema.js';

/** A schema that a model's store is kept in. */
export const postgresPlace: MakePlace = async (sliceUsers) => {
  let remove = (): void | Promise<void> => undefined;
  const store = readStoreAddress(await temporarySchema((undo) => (remove = undo)));
  return {
    open: () =>
      openPostgresStore(store, {
        ...{ node: 'node', openedAt: 0 },
        ...(sliceUsers === undefined ? {} : { sliceUsers }),
      }),
    remove: async () => remove(),
  };
};
