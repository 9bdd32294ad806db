import pg from 'pg';
import { until } from '../../support/until.js';

/** Keeps all nodes from counting in a store, as a store does that has become slow. */
export interface Hold {
  /** Resolves once a node waits in the midst of a transaction. */
  met(): Promise<void>;
  letGo(): Promise<void>;
}

/** @param store - The address of the store; nodes must have made its tables. */
export async function holdCounting(store: string): Promise<Hold> {
  const client = new pg.Client(store);
  client.on('error', () => undefined); // a test may end the server
  await client.connect();
  await client.query('BEGIN; LOCK TABLE positions IN EXCLUSIVE MODE');
  const waits = `SELECT FROM pg_locks WHERE relation = 'positions'::regclass AND NOT granted`;
  return {
    met: () => until('a node waits', async () => ((await client.query(waits)).rowCount ?? 0) > 0),
    letGo: () => client.end(),
  };
}
