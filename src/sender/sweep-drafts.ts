import {
  APP_RECORD,
  CHOICE_KEY,
  COLLECTORS_KEY,
  DELETIONS_KEY,
  DELIVERY_KEY,
  ID_KEY,
  LAST_REQUEST,
  LAST_UPLOAD,
  LEASE,
  NOTICE_KEY,
  RECEIPT_KEY,
  LEASE_SEEN,
  SECRET_KEY,
} from '../file-names.js';
import type { Folders, Platform } from '../platform/platform.js';
import type { SenderPlatform } from './platform/sender-platform.js';
import { queueNames } from '../storage/outbox-queues.js';
import { parseSegmentName } from '../storage/segment-name.js';

/** A temp file exists for milliseconds; one older than this was left by a killed process. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;
const DRAFT = /^(.+)\.[0-9a-f]{12}\.tmp$/;

/** The files that this package writes by way of a temp file. The app may have others there. */
const OWN = new Set([
  ...[ID_KEY, SECRET_KEY, CHOICE_KEY, NOTICE_KEY, DELIVERY_KEY],
  ...[COLLECTORS_KEY, DELETIONS_KEY, RECEIPT_KEY],
  ...[APP_RECORD, LAST_REQUEST, LAST_UPLOAD, LEASE_SEEN],
]);
/** One of several IDs, for an address or for a machine that shares the home, or its secret. */
const ONE_OF_SEVERAL = new RegExp(`^(${ID_KEY}|${SECRET_KEY})(\\.[0-9a-f]{16})?(\\.[0-9a-f]{8})?$`);

/** What sweeping takes from the platform. */
type SweepPlatform = Pick<Platform, 'files' | 'now'> & Pick<SenderPlatform, 'removeFolder'>;

/** Removes the temp files of killed processes, and queues that are long empty. Never throws. */
export function sweepDrafts(
  { config, choice = config, state, outbox }: Folders,
  { files, now, removeFolder }: SweepPlatform,
): void {
  const queues = queueFolders(files, outbox);
  for (const folder of new Set([config, choice, state, outbox, ...queues])) {
    try {
      if (queues.includes(folder) && isAbandoned(folder)) removeFolder(folder);
      for (const name of files.list(folder).filter(isOwnDraft)) {
        const path = `${folder}/${name}`;
        if (isAbandoned(path)) files.remove(path);
      }
    } catch {
      continue; // another user's folder, or a read-only one
    }
  }

  function isAbandoned(path: string): boolean {
    const writtenMs = files.stat(path)?.modifiedMs ?? now();
    return Math.abs(now() - writtenMs) > ABANDONED_AFTER_MS;
  }
}

function queueFolders(files: Platform['files'], outbox: string): readonly string[] {
  try {
    return queueNames(files, outbox).map((queue) => `${outbox}/${queue}`);
  } catch {
    return []; // as above
  }
}

function isOwnDraft(file: string): boolean {
  const [, target] = DRAFT.exec(file) ?? [];
  if (target === undefined) return false;
  return (
    OWN.has(target) ||
    LEASE.test(target) ||
    ONE_OF_SEVERAL.test(target) ||
    parseSegmentName(target) !== undefined
  );
}
