import { ALL_PROJECTS, CHOICE_KEY, COLLECTOR_ADDRESS, LOSSES } from '../file-names.js';
import { choiceFile, type ChoicePlace, type ChoiceSource } from '../consent/choice.js';
import type { InvokerChoice } from '../consent/invoker-choice.js';
import { ownOnly } from '../own-only.js';
import type { Folders, Platform } from '../platform/platform.js';
import { THIS_MACHINE_QUEUE } from '../project/endpoint.js';
import { safeName } from '../project/safe-name.js';
import { type FileStorageRequest, localOutbox } from './file-storage.js';
import { type MemoryOutbox, memoryOutbox, memoryStorage } from './memory-storage.js';
import { segmentWriter } from './segment-writer.js';
import type {
  BoundResult,
  KeyValueStorage,
  OutboxBound,
  OutboxStorage,
  Storage,
} from './storage.js';
import type { WatchedValues } from './watch-values.js';

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
  /** The ID and the user's choice. Senders open those in files themselves. */
  readonly values: WatchedValues | undefined;
  /** The folders that a sending process can read; only a file storage has them. */
  readonly folders: Folders | undefined;
  /** The folder in the outbox for this program's endpoint. */
  readonly queue: string;
  /** Where a collector on this machine leaves its address; `undefined` without a home. */
  readonly collectorFile: string | undefined;
  /** The places of the user's choice, in order: for this project, then for all projects. */
  readonly choicePlaces: readonly (ChoicePlace | ChoiceSource)[];
  /** The `choicePlaces` that are files. */
  readonly choiceFiles: readonly string[];
  /** The choice of a user who runs this program as another user. */
  readonly invoker: InvokerChoice | undefined;
  /** The folder that stores which notice the user has seen; `undefined` without a home. */
  readonly config: string | undefined;
}

/** Finds the choice of a user who runs this program as another user, by the project's safe name. */
export type FindInvoker = (safeName: string) => InvokerChoice | undefined;

/** Removes the oldest segments of a folder until it is within the bound. */
export type MakeRoom = (folder: string, limits: OutboxBound) => BoundResult;

/**
 * Opens the storage that the option `storage` asks for. Without a usable home, it uses memory.
 *
 * @param makeRoom - called if a full outbox must delete its oldest reports
 * @param queue - the folder in the outbox for the program's endpoint
 * @param findInvoker - called if a variable says that another user runs this program
 */
export function openStorage(
  requested: FileStorageRequest | Storage,
  project: string,
  platform: Platform,
  makeRoom: MakeRoom,
  queue = THIS_MACHINE_QUEUE,
  findInvoker?: FindInvoker,
): OpenStorage {
  const memory = memoryOutbox();
  const { env, files } = platform;
  const name = safeName(project, (text) => platform.sha256(text));
  const home = platform.folders(name);
  const folders = isFileRequest(requested) ? (requested.folders ?? home) : undefined;
  const all = home && platform.folders(ALL_PROJECTS);
  const configs: string[] = [];
  for (const found of [folders, home, all]) {
    if (!found) continue;
    const own = ownOnly(found);
    files.guard(own);
    const config = own.choice ?? own.config;
    if (!configs.includes(config)) configs.push(config);
  }
  const choiceFiles = configs.map((config) => `${config}/${CHOICE_KEY}`);
  const isForOther = env['SUDO_UID'] ?? env['SUDO_USER'] ?? env['DOAS_USER'] ?? env['PKEXEC_UID'];
  const invoker = isForOther === undefined ? undefined : findInvoker?.(name);
  const choicePlaces: readonly (ChoicePlace | ChoiceSource)[] = [
    ...(invoker?.sources ?? []),
    ...(isFileRequest(requested) ? [] : [storagePlace(requested)]),
    ...choiceFiles.map((file) => choiceFile(file, platform)),
  ];
  const [config] = configs;
  const collectorFile = all && all.config.slice(0, -ALL_PROJECTS.length) + COLLECTOR_ADDRESS;
  const common = {
    folders,
    queue,
    collectorFile,
    config,
    invoker,
    memory,
    choiceFiles,
    choicePlaces,
  };
  if (!isFileRequest(requested)) {
    const own = requested.outbox ?? memory;
    return { ...common, kind: 'custom', outbox: own, own, values: requested };
  }
  if (!folders) {
    return { ...common, kind: 'memory', outbox: memory, own: memory, values: memoryStorage() };
  }
  return {
    ...common,
    kind: 'file',
    outbox: hostOutbox(`${folders.outbox}/${queue}`, platform, makeRoom),
    own: undefined,
    values: undefined,
  };
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
  Object.hasOwn(requested, 'kind');

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
  const { folders, queue, memory } = opened;
  if (!folders) return { ...opened, outbox: memory, own: memory };
  const local = { ...folders, outbox: localOutbox(folders) };
  const outbox = hostOutbox(`${local.outbox}/${queue}`, platform, makeRoom);
  return { ...opened, folders: local, outbox };
}
