import { asStoreError } from './as-store-error.js';
import { type Connection, connectionOf } from './connection.js';
import { isRetried, RetryError } from './retry-error.js';
import { type WatchableClient, watchServer } from './server-watch.js';

/** What a user of transactions does around each. */
export interface TransactionsOptions {
  /** Opens a connection that is ready for work. */
  readonly open: () => Promise<WatchableClient>;
  /** Throws if work may not begin. */
  readonly check?: () => void;
  /** Statements that run before a transaction is committed. */
  readonly beforeCommit?: () => string;
  /** Called at the end of each transaction, also of one that was committed. */
  readonly afterTransaction?: () => void;
  /** Called when a transaction has failed: whatever was read in it may be wrong. */
  readonly afterFailure?: () => void;
}

/** A connection for transactions. It is opened when it is needed, also after it was lost. */
export interface Transactions {
  readonly connection: Connection;
  /**
   * Runs work in a transaction, one after the other. It may run several times: its changes count
   * once, or not at all.
   *
   * @param work - Told whether it must keep other nodes out.
   */
  readonly transaction: <Result>(work: (isAlone: boolean) => Promise<Result>) => Promise<Result>;
  readonly close: () => Promise<void>;
}

/**
 * Commits to the disk of the server: what is told as done must not go with its next crash. A role, a
 * database or an address may say otherwise, and a server from one transaction to the next.
 */
export const COMMIT = `
  SELECT set_config('synchronous_commit', 'on', true)
  WHERE current_setting('synchronous_commit') = 'off';
  COMMIT`;

/** How often a transaction begins anew when other nodes get in its way. */
const MAX_RETRIES = 20;

/** Creates a connection for transactions. */
export function createTransactions({
  open,
  check = () => undefined,
  beforeCommit = () => '',
  afterTransaction = () => undefined,
  afterFailure = () => undefined,
}: TransactionsOptions): Transactions {
  let client: WatchableClient | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const connect = async (): Promise<WatchableClient> => {
    if (client !== undefined) return client;
    const opened = await open();
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
  const attempt = async <Result>(
    work: (isAlone: boolean) => Promise<Result>,
    isAlone: boolean,
  ): Promise<Result> => {
    const opened = await connect().catch((error: unknown) => {
      throw asStoreError(error, true);
    });
    check();
    const endWatch = watchServer(opened);
    try {
      await connection.exec('BEGIN');
      const result = await work(isAlone);
      await connection.exec(`${beforeCommit()}${COMMIT}`);
      afterTransaction();
      return result;
    } catch (error) {
      afterTransaction();
      afterFailure();
      let isLost = false;
      await opened.query('ROLLBACK').catch(async () => {
        isLost = true;
        if (client === opened) client = undefined;
        await opened.end().catch(() => undefined); // it is lost already
      });
      throw isRetried(error) ? error : asStoreError(error, isLost);
    } finally {
      endWatch();
    }
  };
  const retry = async <Result>(work: (isAlone: boolean) => Promise<Result>): Promise<Result> => {
    let isAlone = false;
    for (let tries = 1; ; tries++) {
      try {
        return await attempt(work, isAlone);
      } catch (error) {
        if (!isRetried(error)) throw error;
        if (tries > MAX_RETRIES) throw asStoreError(error, true);
        isAlone ||= error instanceof RetryError && error.alone;
      }
    }
  };
  return {
    connection,
    transaction: <Result>(work: (isAlone: boolean) => Promise<Result>): Promise<Result> => {
      const result = last.then(() => retry(work));
      last = result.catch(() => undefined); // told to its caller
      return result;
    },
    close: async () => {
      await last;
      await client?.end();
      client = undefined;
    },
  };
}
