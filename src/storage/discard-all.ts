import { ALIVE, DAY_MARKER, LAST_REQUEST } from '../file-names.js';
import type { Platform } from '../platform/platform.js';
import { discardOutbox } from './discard-outbox.js';
import { localOutbox } from './file-storage.js';
import type { OpenStorage } from './open-storage.js';
import { outboxQueues } from './outbox-queues.js';
import type { OutboxStorage } from './storage.js';

/**
 * Deletes the reports for all endpoints, those of clients in other languages, the copy of the last
 * request and the moment of the last `alive`. Never rejects.
 */
export async function discardAll(opened: OpenStorage, platform: Platform): Promise<void> {
  const { own, memory, folders } = opened;
  opened.outbox.seal();
  const inFolders = folders ? [folders.outbox, localOutbox(folders)] : [];
  const outboxes = [
    ...(own ? [own] : []),
    ...inFolders.flatMap((folder) => queuesIn(folder, platform)),
    memory,
  ];
  for (const outbox of new Set(outboxes)) await discardOutbox(outbox);
  try {
    if (!folders) return;
    const { files } = platform;
    files.remove(`${folders.state}/${LAST_REQUEST}`);
    const records = files
      .list(folders.state)
      .filter((name) => ALIVE.test(name) || DAY_MARKER.test(name));
    for (const name of records) files.remove(`${folders.state}/${name}`);
  } catch {
    return; // the disk is read-only now: the copy stays, and the collector has the data anyway
  }
}

function queuesIn(folder: string, platform: Platform): readonly OutboxStorage[] {
  try {
    return outboxQueues(folder, platform).all();
  } catch {
    return []; // another user's folder: nothing of this user is in it
  }
}
