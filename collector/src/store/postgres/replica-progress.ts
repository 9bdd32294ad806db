import { openStateSource, readState } from './state-source.js';
import { readStoreAddress } from './store-address.js';

/** Tells how far a replica has come. */
export interface ReplicaProgress {
  /** The positions that it has under some names. */
  positions(names: readonly string[]): Promise<ReadonlyMap<string, number>>;
  close(): Promise<void>;
}

/** Opens a connection to a replica, on which nothing else waits. */
export function openReplicaProgress(address: string): ReplicaProgress {
  const source = openStateSource(readStoreAddress(address), 1);
  return {
    positions: (names) =>
      readState(source, async (connection) => {
        const rows = await connection.all<{ name: string; position: number }>(
          'SELECT journal_id AS name, position FROM positions WHERE journal_id = ANY($1)',
          [names],
        );
        return new Map(rows.map(({ name, position }) => [name, position]));
      }),
    close: () => source.close(),
  };
}
