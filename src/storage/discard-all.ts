import { LAST_REQUEST } from '../file-names.js';
import type { Platform } from '../platform/platform.js';
import { discardOutbox } from './discard-outbox.js';
import { fileOutbox } from './file-outbox.js';
import { localOutbox } from './file-storage.js';
import type { OpenStorage } from './open-storage.js';

/** Gives up all that was recorded, sent or not. Never rejects. */
export async function discardAll(opened: OpenStorage, platform: Platform): Promise<void> {
  const { own, memory, folders } = opened;
  opened.outbox.seal();
  const inFolders = folders ? [folders.outbox, localOutbox(folders)] : [];
  const outboxes = [
    ...(own ? [own] : []),
    ...inFolders.map((folder) => fileOutbox(folder, platform)),
    memory,
  ];
  for (const outbox of new Set(outboxes)) await discardOutbox(outbox);
  try {
    if (folders) platform.files.remove(`${folders.state}/${LAST_REQUEST}`);
  } catch {
    return; // a disk that is read only now: what was sent is known there anyway
  }
}
