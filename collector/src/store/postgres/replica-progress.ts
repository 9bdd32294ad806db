import { openStateSource, readState } from './state-source.js';
import { readStoreAddress } from './store-address.js';

/** What a replica has. */
export interface ReplicaContents {
  /** Under the names that were asked for. */
  readonly positions: ReadonlyMap<string, number>;
  /** Whether its server follows another one. */
  readonly isStandby: boolean;
}

/** Tells how far a replica has come. */
export interface ReplicaProgress {
  read(names: readonly string[]): Promise<ReplicaContents>;
  close(): Promise<void>;
}

/** Opens a connection to a replica, on which nothing else waits. */
export function openReplicaProgress(address: string): ReplicaProgress {
  const source = openStateSource(readStoreAddress(address), 1);
  return {
    read: (names) =>
      readState(source, async (connection) => {
        const [server] = await connection.all<{ isStandby: boolean }>(
          'SELECT pg_is_in_recovery() AS "isStandby"',
        );
        const rows = await connection.all<{ name: string; position: number }>(
          'SELECT journal_id AS name, position FROM positions WHERE journal_id = ANY($1)',
          [names],
        );
        return {
          positions: new Map(rows.map(({ name, position }) => [name, position])),
          isStandby: server?.isStandby === true,
        };
      }),
    close: () => source.close(),
  };
}
