import { ALL_PROJECTS, CHOICE_KEY, LOSSES } from '../file-names.js';
import type { ChoicePlace } from '../consent/choice.js';
import type { Folders, Platform } from '../platform/platform.js';
import { safeName } from '../project/safe-name.js';
import { type FileStorageRequest, fileValues, localOutbox } from './file-storage.js';
import { type MemoryOutbox, memoryOutbox, memoryStorage } from './memory-storage.js';
import { segmentWriter } from './segment-writer.js';
import type {
  BoundResult,
  KeyValueStorage,
  OutboxBound,
  OutboxStorage,
  Storage,
} from './storage.js';

/** The part of an outbox that the host needs: it writes, and senders read. */
export type HostOutbox = Pick<OutboxStorage, 'append' | 'seal' | 'bound' | 'lose'> & {
  /** Writes lines as a separate segment that is ready to be sent. */
  appendSealed?(lines: string): true;
  /** The names of the segments that {@link HostOutbox.appendSealed} wrote. */
  readonly sealedNames?: readonly string[];
};

/** A storage that is ready for use. */
export interface OpenStorage {
  readonly kind: 'file' | 'memory' | 'custom';
  readonly outbox: HostOutbox;
  /** The whole outbox, unless it consists of files, which are opened only when needed. */
  readonly own: OutboxStorage | undefined;
  /** The outbox to use if the storage fails. */
  readonly memory: MemoryOutbox;
  /** The ID and the user's choice. */
  readonly values: KeyValueStorage;
  /** The folders that a sending process can read; only a file storage has them. */
  readonly folders: Folders | undefined;
  /** The places of the user's choice, in order: for this project, then for all projects. */
  readonly choicePlaces: readonly ChoicePlace[];
  /** The `choicePlaces` that are files. */
  readonly choiceFiles: readonly string[];
  /** Stores which notice the user has seen. */
  readonly notices: KeyValueStorage;
}

/** Removes the oldest segments of a folder until it is within the bound. */
export type MakeRoom = (folder: string, limits: OutboxBound) => BoundResult;

/**
 * Opens the storage that the option `storage` asks for. Without a usable home, it uses memory.
 *
 * @param makeRoom - called if a full outbox must delete its oldest reports
 */
export function openStorage(
  requested: FileStorageRequest | Storage,
  project: string,
  platform: Platform,
  makeRoom: MakeRoom,
): OpenStorage {
  const memory = memoryOutbox();
  const home = platform.folders(safeName(project, (text) => platform.sha256(text)));
  const folders = isFileRequest(requested) ? (requested.folders ?? home) : undefined;
  const all = home && platform.folders(ALL_PROJECTS);
  const configs: string[] = [];
  for (const found of [folders, home, all]) {
    if (found && !configs.includes(found.config)) configs.push(found.config);
  }
  const choiceFiles = configs.map((config) => `${config}/${CHOICE_KEY}`);
  const choicePlaces = choiceFiles.map((file) => filePlace(file, platform));
  const [config] = configs;
  const notices = config === undefined ? memoryStorage() : fileValues(config, platform.files);
  const common = { memory, folders, choiceFiles, choicePlaces, notices };
  if (!isFileRequest(requested)) {
    const own = requested.outbox ?? memory;
    choicePlaces.unshift(storagePlace(requested));
    return { ...common, kind: 'custom', outbox: own, own, values: requested };
  }
  if (!folders) {
    const values = memoryStorage();
    return { ...common, choicePlaces: [], kind: 'memory', outbox: memory, own: memory, values };
  }
  const values = fileValues(folders.config, platform.files);
  const outbox = hostOutbox(folders.outbox, platform, makeRoom);
  return { ...common, kind: 'file', outbox, own: undefined, values };
}

/** The host's part of a folder's outbox. */
function hostOutbox(folder: string, platform: Platform, makeRoom: MakeRoom): HostOutbox {
  const writer = segmentWriter(folder, platform);
  return {
    ...writer,
    bound: (limits) => writer.fits(limits) ?? makeRoom(folder, limits),
    lose: (reports) => platform.files.append(`${folder}/${LOSSES}`, `${reports}\n`),
  };
}

const isFileRequest = (requested: FileStorageRequest | Storage): requested is FileStorageRequest =>
  'kind' in requested;

const filePlace = (file: string, { files }: Pick<Platform, 'files'>): ChoicePlace => ({
  source: file,
  // `stat` first: most users have made no choice, and a failed open takes longer.
  get: () => (files.stat(file) === undefined ? undefined : files.read(file)),
  set: (text) => files.replace(file, `${text}\n`),
});

const storagePlace = (values: KeyValueStorage): ChoicePlace => ({
  source: 'the storage of the app',
  get: () => values.get(CHOICE_KEY),
  set: (text) => values.set(CHOICE_KEY, text),
});

/** The same storage with a separate outbox that no sender reads. */
export function localOnly(
  opened: OpenStorage,
  platform: Platform,
  makeRoom: MakeRoom,
): OpenStorage {
  const { folders, memory } = opened;
  if (!folders) return { ...opened, outbox: memory, own: memory };
  const local = { ...folders, outbox: localOutbox(folders) };
  return { ...opened, folders: local, outbox: hostOutbox(local.outbox, platform, makeRoom) };
}
