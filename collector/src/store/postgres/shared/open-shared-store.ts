import type { SharedStore } from '../../shared-store.js';
import { readPrimaryAddress } from '../store-address.js';
import { createTransactions } from '../transactions.js';
import { connectToUse } from '../writing-connection.js';
import { type NodeSession, type NodeSessionOptions, openNodeSession } from './node-session.js';
import { createSharedEntries } from './shared-entries.js';
import { createSharedRuns } from './shared-runs.js';
import { openSharedMirror, SharedDocumentError, type SharedMirror } from './shared-mirror.js';

/** What a node shares with others, and what it knows of them. */
export interface OpenedSharedStore extends SharedStore {
  /** Begins to follow the other nodes. */
  join(options: Omit<NodeSessionOptions, 'store' | 'look' | 'onConnect'>): Promise<NodeSession>;
}

/** Opens what nodes share, and keeps it from being moved. The schema must be up to date. */
export function openSharedStore(address: string, timelines?: string): OpenedSharedStore {
  const store = readPrimaryAddress(address, timelines);
  const mirrors = new Map<string, Pick<SharedMirror<unknown>, 'knows' | 'refresh' | 'distrust'>>();

  const distrust = (): void => {
    for (const mirror of mirrors.values()) mirror.distrust();
  };
  const transactions = createTransactions({
    open: () => connectToUse(store),
    afterFailure: distrust,
  });
  const { connection, transaction } = transactions;
  const look = async (): Promise<void> => {
    const found = await transaction(() =>
      connection.all<{ kind: string; version: number }>('SELECT kind, version FROM shared_kinds'),
    );
    const odd: SharedDocumentError[] = [];
    for (const { kind, version } of found) {
      const mirror = mirrors.get(kind);
      if (mirror === undefined || mirror.knows(version)) continue;
      await mirror.refresh().catch((error: unknown) => {
        if (!(error instanceof SharedDocumentError)) throw error;
        // Others are learnt nevertheless: a token may have been revoked.
        odd.push(error);
      });
    }
    const [first] = odd;
    if (first !== undefined) throw first;
  };
  return {
    ...createSharedEntries(transactions),
    runs: createSharedRuns(transactions),
    open: async (kind, onChange) => {
      const mirror = await openSharedMirror(transactions, kind, onChange);
      mirrors.set(kind.kind, mirror);
      return mirror;
    },
    join: (options) => openNodeSession({ ...options, store, look, onConnect: distrust }),
    close: transactions.close,
  };
}
