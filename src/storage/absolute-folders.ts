import type { Platform } from '../platform/platform.js';
import type { FileStorageRequest } from './file-storage.js';
import type { Storage } from './storage.js';

/**
 * A relative folder counts from where the program is when it says so: its senders run elsewhere,
 * and it may move itself.
 */
export function absoluteFolders(
  requested: FileStorageRequest | Storage,
  { absolutePath }: Pick<Platform, 'absolutePath'>,
): FileStorageRequest | Storage {
  if (!('kind' in requested) || !requested.folders) return requested;
  const { config, state, outbox } = requested.folders;
  try {
    const folders = {
      config: absolutePath(config),
      state: absolutePath(state),
      outbox: absolutePath(outbox),
    };
    return { kind: 'file', folders };
  } catch {
    return { kind: 'file' }; // it is in a folder that was deleted: the usual ones are there
  }
}
