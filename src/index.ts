/**
 * Know how many people use your software, without knowing who they are.
 *
 * @packageDocumentation
 */
import type { Headcount } from './api.js';
import { createHeadcount } from './headcount.js';

export { createHeadcount, defineEvents } from './headcount.js';
export { HeadcountError, isHeadcountError } from './errors.js';
export { fileStorage } from './storage/file-storage.js';
export { memoryStorage } from './storage/memory-storage.js';
export { nullStorage } from './storage/null-storage.js';

export type { Consent, ConsentRule } from './consent/decide.js';
export type { DropCounts, DropReason, FieldDropCounts, FieldDropReason } from './drop-reasons.js';
export type { Channel, Level } from './wire/report.js';
export type { HeadcountErrorCode } from './errors.js';
export type { Headcount } from './api.js';
export type { HeadcountOptions } from './options.js';
export { field } from './report/declared-events.js';

export type {
  EventDeclaration,
  EventDeclarations,
  EventFields,
  EventName,
  FieldDeclaration,
  FieldInput,
  TimedEventName,
} from './report/declared-events.js';
export type { FlushResult, Status, StatusWarning, WarningReason } from './api.js';
export type { ChoiceResult } from './consent/choice.js';
export type {
  DiagnoseResult,
  ExportResult,
  ForgetResult,
  ProofsResult,
  ShowResult,
  WaitingReport,
} from './delivery/answers.js';
export type { FileStorageOptions, FileStorageRequest } from './storage/file-storage.js';
export type {
  BoundResult,
  KeyValueStorage,
  MaybePromise,
  OutboxBound,
  OutboxStorage,
  Storage,
} from './storage/storage.js';

let headcount: Headcount | undefined;

/**
 * Reports that the program was started. Call it once, at start-up. It needs no configuration:
 * project, version and endpoint come from the app's package.json. It never throws, prints, or
 * delays the program or its exit.
 *
 * @example
 * import { track } from 'headcount';
 * track();
 */
export function track(): void {
  headcount ??= createHeadcount();
  headcount.track();
}
