import type { Platform } from '../platform/platform.js';
import { isRecord } from '../type-guards.js';
import type { FileStorageRequest } from './file-storage.js';
import type { Storage } from './storage.js';

/** What {@link fileStorage} has made, read once; `undefined` for anything else. */
export function readFileRequest(given: unknown): FileStorageRequest | undefined {
  try {
    if (!isRecord(given) || given['kind'] !== 'file') return undefined;
    const { folders } = given;
    if (folders === undefined) return { kind: 'file' };
    if (!isRecord(folders)) return undefined;
    const { config, state, outbox } = folders;
    if (!isPath(config) || !isPath(state) || !isPath(outbox)) return undefined;
    return { kind: 'file', folders: { config, state, outbox } };
  } catch {
    return undefined; // a getter that throws
  }
}

const isPath = (value: unknown): value is string => typeof value === 'string' && value !== '';

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
