import { ownOnly } from '../own-only.js';
import type { Platform } from '../platform/platform.js';
import { isRecord } from '../type-guards.js';
import type { FileStorageRequest } from './file-storage.js';
import type { Storage } from './storage.js';

/** Reads the result of `fileStorage()`, each property once; `undefined` for other values. */
export function readFileRequest(given: unknown): FileStorageRequest | undefined {
  try {
    if (!isRecord(given) || !Object.hasOwn(given, 'kind') || given['kind'] !== 'file') return;
    const { folders } = ownOnly(given);
    if (folders === undefined) return ownOnly<FileStorageRequest>({ kind: 'file' });
    if (!isRecord(folders)) return undefined;
    const { config, state, outbox } = ownOnly(folders);
    if (!isPath(config) || !isPath(state) || !isPath(outbox)) return undefined;
    return { kind: 'file', folders: { config, state, outbox } };
  } catch {
    return undefined; // a getter threw
  }
}

const isPath = (value: unknown): value is string => typeof value === 'string' && value !== '';

/**
 * Makes the folders absolute: senders have a different working folder, and the program may change
 * its own.
 */
export function absoluteFolders(
  requested: FileStorageRequest | Storage,
  { absolutePath }: Pick<Platform, 'absolutePath'>,
): FileStorageRequest | Storage {
  if (!Object.hasOwn(requested, 'kind') || !('folders' in requested) || !requested.folders)
    return requested;
  const { config, state, outbox } = requested.folders;
  try {
    const folders = {
      config: absolutePath(config),
      state: absolutePath(state),
      outbox: absolutePath(outbox),
    };
    return { kind: 'file', folders };
  } catch {
    return ownOnly<FileStorageRequest>({ kind: 'file' }); // the working folder was deleted: use the default folders
  }
}
