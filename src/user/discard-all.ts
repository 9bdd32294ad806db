import { LAST_REQUEST } from '../delivery/last-request.js';
import { discardOutbox } from '../outbox/discard-outbox.js';
import type { Platform } from '../platform/platform.js';
import { localOutbox, openFileStorage } from '../storage/file-storage.js';
import type { OpenStorage } from '../storage/open-storage.js';

/** Gives up all that was recorded, sent or not. Never rejects. */
export async function discardAll(
  { storage, memory, folders }: OpenStorage,
  platform: Platform,
): Promise<void> {
  const outboxes = new Set([storage.outbox, memory]);
  if (folders) {
    outboxes.add(openFileStorage({ ...folders, outbox: localOutbox(folders) }, platform).outbox);
  }
  for (const outbox of outboxes) await discardOutbox(outbox);
  try {
    if (folders) platform.files.remove(`${folders.state}/${LAST_REQUEST}`);
  } catch {
    return; // a disk that is read only now: what was sent is known there anyway
  }
}
