import type { Platform } from '../platform/platform.js';
import { localOutbox, openFileStorage } from './file-storage.js';
import type { OpenStorage } from './open-storage.js';

/** The same storage with an outbox of its own beside the one that is sent: no sender looks there. */
export function localOnly(opened: OpenStorage, platform: Platform): OpenStorage {
  const { storage, folders, memory } = opened;
  if (!folders) return { ...opened, storage: { ...storage, outbox: memory } };
  const local = { ...folders, outbox: localOutbox(folders) };
  return { ...opened, folders: local, storage: openFileStorage(local, platform) };
}
