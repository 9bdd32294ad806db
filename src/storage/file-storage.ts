import { LOCAL_OUTBOX, OUTBOX } from '../file-names.js';
import { ownOnly } from '../own-only.js';
import type { Files, Folders } from '../platform/platform.js';
import type { KeyValueStorage } from './storage.js';

/** What `fileStorage()` returns: the folders depend on the project, which is not known yet. */
export interface FileStorageRequest {
  readonly kind: 'file';
  /** The folders to use instead of the default ones. */
  readonly folders?: Folders;
}

/** The options of {@link fileStorage}. */
export interface FileStorageOptions {
  /**
   * The folder for the ID and the outbox. A relative path is resolved against the working folder
   * at the time of `createHeadcount()`. Windows has no mode: there the folder's own rights decide
   * who can read these files, so choose one that only this user can enter.
   *
   * @default the user's config and data folders
   */
  readonly folder?: string;
}

/**
 * Keeps the ID in the user's config folder and the outbox in the data folder, as env-paths defines
 * them: on Linux `~/.config/headcount/<project>` and `~/.local/share/headcount/<project>`, on
 * macOS under `~/Library/Preferences` and `~/Library/Application Support`, on Windows under
 * `%LOCALAPPDATA%`, with the user's choice under `%APPDATA%`. Folders (mode 0700) and files (mode 0600) are made when they
 * are first needed. This is the default storage.
 *
 * @example
 * createHeadcount({ project: 'acme-server', storage: fileStorage({ folder: '/var/lib/acme' }) });
 */
export function fileStorage(options: FileStorageOptions = {}): FileStorageRequest {
  const { folder } = ownOnly((options as FileStorageOptions | null) ?? {});
  if (folder === undefined) return { kind: 'file' };
  return {
    kind: 'file',
    folders: { config: folder, state: folder, outbox: `${folder}/${OUTBOX}` },
  };
}

/** The folder for reports in `local` mode, which are never sent. */
export const localOutbox = ({ state }: Folders): string => `${state}/${LOCAL_OUTBOX}`;

/** Stores each value in a file of a folder. The key is the file's name. */
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
