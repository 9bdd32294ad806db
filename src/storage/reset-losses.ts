import { LOSSES, LOST_BEFORE_KEY } from '../file-names.js';
import type { Platform } from '../platform/platform.js';
import { localOutbox } from './file-storage.js';
import type { OpenStorage } from './open-storage.js';
import type { KeyValueStorage, OutboxStorage } from './storage.js';

/** Starts the total of lost reports again at 0, in every outbox. Never rejects. */
export async function resetLosses(opened: OpenStorage, { files }: Platform): Promise<void> {
  const { own, memory, folders, values } = opened;
  memory.resetLost();
  try {
    for (const outbox of folders ? [folders.outbox, localOutbox(folders)] : []) {
      // Also in each folder in the outbox.
      for (const name of ['.', ...files.list(outbox)]) files.remove(`${outbox}/${name}/${LOSSES}`);
    }
    if (own && own !== memory) await values?.set(LOST_BEFORE_KEY, String(await own.lostTotal?.()));
  } catch {
    return; // a read-only disk, on which the ID cannot be dropped either: `forget` says so
  }
}

/** An app's own outbox, which cannot be told to start its total again. */
export const sinceReset = (own: OutboxStorage, values: KeyValueStorage): OutboxStorage => ({
  ...own,
  async lostTotal() {
    const before = Number(await values.get(LOST_BEFORE_KEY));
    return Math.max(0, Number(await own.lostTotal?.()) - (before > 0 ? before : 0)) || 0;
  },
});
