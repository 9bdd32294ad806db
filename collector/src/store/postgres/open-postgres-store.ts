import type { MoveMark } from '../moving/move-mark.js';
import type { PinnableReader } from '../pinnable-reader.js';
import type { ReplicaPlace } from '../counts-place.js';
import type { Store, StoreReader } from '../store.js';
import type { Connection } from './connection.js';
import { openPinnablePostgres, openPostgresReader } from './counts-reader.js';
import { type NodeWriter, openPostgresWriter, type WriterOptions } from './counts-writer.js';
import { learnTimelines } from './learn-timelines.js';
import { readMark } from './claim-store.js';
import { migrate } from './migrate.js';
import type { Migration } from './migrations/migration.js';
import { MIGRATIONS } from './migrations/migrations.js';
import { readPrimaryAddress, type StoreAddress } from './store-address.js';
import { withSession } from './with-session.js';

export { examineServer } from './examine-server.js';
export { openPostgresSide } from './open-move-side.js';
export { openSharedStore } from './shared/open-shared-store.js';

/** How a node opens a store. */
export interface NodeOptions extends WriterOptions {
  /** The name of the node. */
  readonly node: string;
  /** In milliseconds since 1970. */
  readonly openedAt: number;
  /** Tells which pepper users are hashed with. */
  readonly pepperId?: string;
  /** The steps of the schema that the node knows; another release has others. */
  readonly migrations?: readonly Migration[];
}

/** Opens a store, and brings its schema up to date before. */
export async function openPostgresStore(store: StoreAddress, options: NodeOptions): Promise<Store> {
  return { writer: await openWriter(store, options), reader: openPostgresReader(store) };
}

/** Opens the writer of a node, and brings the schema up to date before. */
export const openNodeWriter = (
  address: string,
  { timelines, ...options }: NodeOptions & Pick<StoreAddress, 'timelines'>,
): Promise<NodeWriter> => openWriter(readPrimaryAddress(address, timelines), options);

async function openWriter(store: StoreAddress, options: NodeOptions): Promise<NodeWriter> {
  const { node, openedAt, pepperId, migrations = MIGRATIONS, ...others } = options;
  await migrate(store, openedAt, migrations);
  if (pepperId !== undefined) await withSession(store, (one) => keepPepperId(one, pepperId));
  return openPostgresWriter({ store, node, knows: migrations.length }, others);
}

/** How a store is read. */
interface ReadingOptions {
  readonly timelines?: string | undefined;
  readonly replica?: ReplicaPlace | undefined;
}

/** Opens a store for questions, which go to a replica where there is one. */
export const openReaderAt = (
  address: string,
  { timelines, replica }: ReadingOptions = {},
): StoreReader => openPostgresReader(readPrimaryAddress(address, timelines), replica);

/** Opens a store for questions that are held to one state. */
export const openPinnableAt = (
  address: string,
  { timelines, replica }: ReadingOptions = {},
): PinnableReader => openPinnablePostgres(readPrimaryAddress(address, timelines), replica);

export { openReplicaProgress } from './replica-progress.js';

/** What a store says of itself. */
export interface StoreFacts {
  readonly pepperId: string | null;
  /** The journals and epochs of which it has counted something. */
  readonly journals: readonly string[];
  /** When a user was last deleted, in milliseconds since 1970, as far as it is kept. */
  readonly lastDeletionAt: number | null;
  /** What it says of a move of its counts. */
  readonly move: MoveMark | null;
  /** Whether its server writes to its disk what it has committed. */
  readonly isSynced: boolean;
}

/** Brings the schema of a store up to date, and reads what it says of itself. */
export async function readStoreFacts(
  address: string,
  openedAt: number,
  timelines?: string,
): Promise<StoreFacts> {
  const store = readPrimaryAddress(address, timelines);
  await learnTimelines(store);
  await migrate(store, openedAt);
  return withSession(store, async (connection) => {
    const journals = await connection.all<{ id: string }>('SELECT journal_id AS id FROM positions');
    const deleted = await connection.get<{ at: number | null }>(
      'SELECT max(deleted_at) AS at FROM tombstones',
    );
    const server = await connection.get<{ isSynced: boolean }>(
      `SELECT current_setting('fsync')::bool AS "isSynced"`,
    );
    return {
      isSynced: server?.isSynced === true,
      pepperId: await readPepperId(connection),
      journals: journals.map(({ id }) => id),
      lastDeletionAt: deleted?.at ?? null,
      move: await readMark(connection),
    };
  });
}

/** Keeps which pepper users are hashed with if none is known yet. */
async function keepPepperId(connection: Connection, pepperId: string): Promise<void> {
  await connection.run(
    `INSERT INTO about(name, value) VALUES ('pepper', $1) ON CONFLICT DO NOTHING`,
    [pepperId],
  );
  if ((await readPepperId(connection)) === pepperId) return;
  throw new Error('The store has users who were hashed with another pepper.');
}

async function readPepperId(connection: Connection): Promise<string | null> {
  const row = await connection.get<{ value: string }>(
    `SELECT value FROM about WHERE name = 'pepper'`,
  );
  return row?.value ?? null;
}
