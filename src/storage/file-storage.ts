import { LOCAL_OUTBOX, OUTBOX } from '../file-names.js';
import type { Files, Folders } from '../platform/platform.js';
import type { KeyValueStorage } from './storage.js';

/** Asks for the file storage without saying where: `fileStorage()` before the project is known. */
export interface FileStorageRequest {
  readonly kind: 'file';
  /** The folders to use instead of env-paths' ones. */
  readonly folders?: Folders;
}

/** Where {@link fileStorage} keeps its files. */
export interface FileStorageOptions {
  /**
   * A folder for both the ID and the outbox. A relative one counts from the folder that the program
   * works in when it calls `createHeadcount()`.
   *
   * @default by env-paths
   */
  readonly folder?: string;
}

/**
 * Keeps the ID in the user's config folder and the outbox in the data folder, as env-paths knows
 * them: on Linux `~/.config/headcount/<project>` and `~/.local/share/headcount/<project>`, on macOS
 * under `~/Library/Preferences` and `~/Library/Application Support`, on Windows under `%APPDATA%`
 * and `%LOCALAPPDATA%`. Folders are made with mode 0700, files with 0600, when they are first
 * needed. This is the default.
 *
 * @example
 * createHeadcount({ project: 'acme-server', storage: fileStorage({ folder: '/var/lib/acme' }) });
 */
export function fileStorage({ folder }: FileStorageOptions = {}): FileStorageRequest {
  if (folder === undefined) return { kind: 'file' };
  return {
    kind: 'file',
    folders: { config: folder, state: folder, outbox: `${folder}/${OUTBOX}` },
  };
}

/** Where reports are kept that are never sent. */
export const localOutbox = ({ state }: Folders): string => `${state}/${LOCAL_OUTBOX}`;

/** Values as files of a folder, each named for its key. */
export function fileValues(folder: string, files: Files): KeyValueStorage {
  const pathOf = (key: string): string => `${folder}/${key}`;
  return {
    get: (key) => files.read(pathOf(key))?.trim(),
    set: (key, value) => files.replace(pathOf(key), `${value}\n`),
    setIfAbsent(key, value) {
      if (files.create(pathOf(key), `${value}\n`)) return value;
      return files.read(pathOf(key))?.trim() ?? value;
    },
    remove: (key) => void files.remove(pathOf(key)),
  };
}
