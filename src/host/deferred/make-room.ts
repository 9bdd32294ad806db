import type { Platform } from '../../platform/platform.js';
import { fileOutbox } from '../../storage/file-outbox.js';
import type { BoundResult, OutboxBound } from '../../storage/storage.js';

/** Removes the oldest segments of a folder until the rest is within the limits. */
export const makeRoom = (platform: Platform, folder: string, limits: OutboxBound): BoundResult =>
  fileOutbox(folder, platform).bound?.(limits) ?? { lost: 0, left: 0 };
