import type { Folders, Platform } from '../platform/platform.js';
import { safeName } from '../project/safe-name.js';
import { guardOutbox } from './guard-outbox.js';
import { type FileStorageRequest, openFileStorage } from './file-storage.js';
import { memoryOutbox, memoryStorage } from './memory-storage.js';
import type { OutboxStorage, Storage } from './storage.js';

/** A storage that is ready to be used. */
export interface OpenStorage {
  readonly kind: 'file' | 'memory' | 'custom';
  readonly storage: Storage & { readonly outbox: OutboxStorage };
  /** What takes the storage's place where that fails. */
  readonly memory: Required<OutboxStorage>;
  /** The folders a sending process can reach by itself; only a file storage has them. */
  readonly folders: Folders | undefined;
}

/** Opens what the option `storage` asks for; without a usable home, memory takes its place. */
export function openStorage(
  requested: FileStorageRequest | Storage,
  project: string,
  platform: Platform,
): OpenStorage {
  const memory = memoryOutbox();
  if (!isFileRequest(requested)) {
    const storage = {
      ...bound(requested),
      outbox: requested.outbox ? guardOutbox(requested.outbox) : memory,
    };
    return { kind: 'custom', storage, memory, folders: undefined };
  }
  const folders =
    requested.folders ?? platform.folders(safeName(project, (text) => platform.sha256(text)));
  if (!folders) {
    const storage = { ...memoryStorage(), outbox: memory };
    return { kind: 'memory', storage, memory, folders: undefined };
  }
  return { kind: 'file', storage: openFileStorage(folders, platform), memory, folders };
}

const isFileRequest = (requested: FileStorageRequest | Storage): requested is FileStorageRequest =>
  'kind' in requested;

/** The methods of an app's adapter, which may be those of a class. */
function bound(storage: Storage): Storage {
  return {
    ...(storage.isPersistent !== undefined && { isPersistent: storage.isPersistent }),
    get: (key) => storage.get(key),
    set: (key, value) => storage.set(key, value),
    setIfAbsent: (key, value) => storage.setIfAbsent(key, value),
    remove: (key) => storage.remove(key),
  };
}
