import type { Platform } from '../platform/platform.js';
import { LAST_REQUEST } from '../file-names.js';
import { discardOutbox } from './discard-outbox.js';
import { localOnly, type OpenStorage } from './open-storage.js';

/** Gives up all that was recorded, sent or not. Never rejects. */
export async function discardAll(opened: OpenStorage, platform: Platform): Promise<void> {
  const { storage, memory, folders } = opened;
  const local = localOnly(opened, platform).storage.outbox;
  for (const outbox of new Set([storage.outbox, local, memory])) await discardOutbox(outbox);
  try {
    if (folders) platform.files.remove(`${folders.state}/${LAST_REQUEST}`);
  } catch {
    return; // a disk that is read only now: what was sent is known there anyway
  }
}
