import type pg from 'pg';
import { asStoreError } from '../as-store-error.js';
import { type Connection, connectionOf } from '../connection.js';
import { isRetried } from '../retry-error.js';
import type { StoreAddress } from '../store-address.js';
import { connectTo } from '../writing-connection.js';

/** A connection for transactions. It is opened when it is needed, also after it was lost. */
export interface Transactions {
  readonly connection: Connection;
  /** Runs work in a transaction, one after the other. Work may run several times. */
  readonly transaction: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** Calls back when a transaction has failed: whatever was read in it may be wrong. */
  readonly onFailure: (listener: () => void) => void;
  readonly close: () => Promise<void>;
}

/** How often a transaction begins anew when other nodes get in its way. */
const MAX_RETRIES = 20;

/** Creates a connection for transactions. */
export function createTransactions(store: StoreAddress): Transactions {
  let client: pg.Client | undefined;
  let failed = (): void => undefined;
  let last: Promise<unknown> = Promise.resolve();

  const connect = async (): Promise<pg.Client> => {
    if (client !== undefined) return client;
    const opened = await connectTo(store);
    opened.on('error', () => {
      if (client === opened) client = undefined;
    });
    return (client = opened);
  };
  const current = (): Connection => {
    if (client === undefined) throw new Error('The connection to the database is lost.');
    return connectionOf(client);
  };
  const connection: Connection = {
    all: (sql, values) => current().all(sql, values),
    get: (sql, values) => current().get(sql, values),
    run: (sql, values) => current().run(sql, values),
    exec: (sql) => current().exec(sql),
  };
  const attempt = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const opened = await connect().catch((error: unknown) => {
      throw asStoreError(error, true);
    });
    try {
      await connection.exec('BEGIN');
      const result = await work();
      await connection.exec('COMMIT');
      return result;
    } catch (error) {
      failed();
      let isLost = false;
      await opened.query('ROLLBACK').catch(async () => {
        isLost = true;
        if (client === opened) client = undefined;
        await opened.end().catch(() => undefined); // it is lost already
      });
      throw isRetried(error) ? error : asStoreError(error, isLost);
    }
  };
  const retry = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt(work);
      } catch (error) {
        if (!isRetried(error)) throw error;
        if (tries > MAX_RETRIES) throw asStoreError(error, true);
      }
    }
  };
  return {
    connection,
    transaction: <Result>(work: () => Promise<Result>): Promise<Result> => {
      const result = last.then(() => retry(work));
      last = result.catch(() => undefined); // told to its caller
      return result;
    },
    onFailure: (listener) => {
      failed = listener;
    },
    close: async () => {
      await last;
      await client?.end();
      client = undefined;
    },
  };
}
