import { ALL_PROJECTS, CHOICE_KEY } from '../file-names.js';
import { type ChoicePlace } from '../consent/choice.js';
import type { Folders, Platform } from '../platform/platform.js';
import { safeName } from '../project/safe-name.js';
import {
  type FileStorageRequest,
  fileValues,
  localOutbox,
  openFileStorage,
} from './file-storage.js';
import { memoryOutbox, memoryStorage } from './memory-storage.js';
import type { KeyValueStorage, OutboxStorage, Storage } from './storage.js';

/** A storage that is ready to be used. */
export interface OpenStorage {
  readonly kind: 'file' | 'memory' | 'custom';
  readonly storage: Storage & { readonly outbox: OutboxStorage };
  /** What takes the storage's place where that fails. */
  readonly memory: Required<OutboxStorage>;
  /** The folders a sending process can reach by itself; only a file storage has them. */
  readonly folders: Folders | undefined;
  /** Where the user's choice may be, the first one first: this project's own, then that for all. */
  readonly choicePlaces: readonly ChoicePlace[];
  /** Those of them that are files. */
  readonly choiceFiles: readonly string[];
  /** Where it is kept what the user was told. */
  readonly notices: KeyValueStorage;
}

/** Opens what the option `storage` asks for; without a usable home, memory takes its place. */
export function openStorage(
  requested: FileStorageRequest | Storage,
  project: string,
  platform: Platform,
): OpenStorage {
  const memory = memoryOutbox();
  const home = platform.folders(safeName(project, (text) => platform.sha256(text)));
  const folders = isFileRequest(requested) ? (requested.folders ?? home) : undefined;
  const configs = [folders, home, home && platform.folders(ALL_PROJECTS)].flatMap((found) =>
    found ? [found.config] : [],
  );
  const choiceFiles = [...new Set(configs)].map((config) => `${config}/${CHOICE_KEY}`);
  const places = choiceFiles.map((file) => filePlace(file, platform));
  const [config] = configs;
  const notices = config === undefined ? memoryStorage() : fileValues(config, platform.files);
  const common = { memory, folders, choiceFiles, notices };
  if (!isFileRequest(requested)) {
    const storage = { ...requested, outbox: requested.outbox ?? memory };
    const choicePlaces = [storagePlace(requested), ...places];
    return { ...common, kind: 'custom', storage, choicePlaces };
  }
  if (!folders) {
    const storage = { ...memoryStorage(), outbox: memory };
    return { ...common, kind: 'memory', storage, choicePlaces: [] };
  }
  const storage = openFileStorage(folders, platform);
  return { ...common, kind: 'file', storage, choicePlaces: places };
}

const isFileRequest = (requested: FileStorageRequest | Storage): requested is FileStorageRequest =>
  'kind' in requested;

const filePlace = (file: string, { files }: Pick<Platform, 'files'>): ChoicePlace => ({
  source: file,
  get: () => files.read(file),
  set: (text) => files.replace(file, `${text}\n`),
});

const storagePlace = (values: KeyValueStorage): ChoicePlace => ({
  source: 'the storage of the app',
  get: () => values.get(CHOICE_KEY),
  set: (text) => values.set(CHOICE_KEY, text),
});

/** The same storage with an outbox of its own beside the one that is sent: no sender looks there. */
export function localOnly(opened: OpenStorage, platform: Platform): OpenStorage {
  const { storage, folders, memory } = opened;
  if (!folders) return { ...opened, storage: { ...storage, outbox: memory } };
  const local = { ...folders, outbox: localOutbox(folders) };
  return { ...opened, folders: local, storage: openFileStorage(local, platform) };
}
