/**
 * Know how many people use your software, without knowing who they are.
 *
 * @packageDocumentation
 */
export { track } from './default.js';
export { createHeadcount } from './headcount.js';
export { HeadcountError, isHeadcountError } from './errors.js';
export { fileStorage } from './storage/file-storage.js';
export { memoryStorage } from './storage/memory-storage.js';
export { nullStorage } from './storage/null-storage.js';

export type { Consent, ConsentRule } from './consent/decide.js';
export type { DropCounts, DropReason, FieldDropCounts, FieldDropReason } from './drop-reasons.js';
export type { HeadcountErrorCode } from './errors.js';
export type { Headcount } from './headcount-api.js';
export type { HeadcountOptions } from './options.js';
export { defineEvents } from './report/define-events.js';
export { boolean, bucket, count, semver } from './report/fields.js';

export type {
  EventDeclaration,
  EventDeclarations,
  EventFields,
  EventName,
  FieldDeclaration,
  FieldInput,
  TimedEventName,
} from './report/declared-events.js';
export type { FlushResult, Status } from './status.js';
export type { FileStorageOptions, FileStorageRequest } from './storage/file-storage.js';
export type {
  BoundResult,
  KeyValueStorage,
  MaybePromise,
  OutboxBound,
  OutboxStorage,
  Storage,
} from './storage/storage.js';
