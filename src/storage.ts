/**
 * The storages that come with Headcount and the contracts of one's own.
 *
 * @packageDocumentation
 */
export { fileStorage } from './storage/file-storage.js';
export { memoryStorage } from './storage/memory-storage.js';
export { nullStorage } from './storage/null-storage.js';
export type { FileStorageOptions, FileStorageRequest } from './storage/file-storage.js';
export type {
  BoundResult,
  KeyValueStorage,
  MaybePromise,
  OutboxBound,
  OutboxStorage,
  Storage,
} from './storage/storage.js';
