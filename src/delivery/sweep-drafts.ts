import { CHOICE_KEY } from '../consent/choice.js';
import { NOTICE_KEY } from '../consent/notice.js';
import type { Folders, Platform } from '../platform/platform.js';
import { APP_RECORD } from '../project/app-record.js';
import { parseSegmentName } from '../storage/segment-name.js';
import { DELIVERY_KEY, ID_KEY, RECEIPT_KEY } from '../storage/storage.js';
import { LAST_UPLOAD } from './exit-launcher.js';
import { LAST_REQUEST } from './last-request.js';
import { LEASE, SEEN } from './lease.js';

/** A draft is there for milliseconds: what is as old was left by a process that was killed. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;
const DRAFT = /^(.+)\.[0-9a-f]{12}\.tmp$/;

/** All that this package writes by a draft; the app may keep files of its own in the same folder. */
const OWN = new Set([
  ...[ID_KEY, CHOICE_KEY, NOTICE_KEY, DELIVERY_KEY, RECEIPT_KEY],
  ...[APP_RECORD, LAST_REQUEST, LAST_UPLOAD, SEEN],
]);
/** The ID of one of several machines that share a home. */
const ID_OF_A_MACHINE = new RegExp(`^${ID_KEY}\\.[0-9a-f]{8}$`);

/** Removes what killed processes had begun to write. Never throws. */
export function sweepDrafts(
  { config, state, outbox }: Folders,
  { files, now }: Pick<Platform, 'files' | 'now'>,
): void {
  for (const folder of [config, state, outbox]) {
    try {
      for (const name of files.list(folder).filter(isOwnDraft)) {
        const path = `${folder}/${name}`;
        const writtenMs = files.stat(path)?.modifiedMs ?? now();
        if (Math.abs(now() - writtenMs) > ABANDONED_AFTER_MS) files.remove(path);
      }
    } catch {
      continue; // not ours to read or to write: another sender may
    }
  }
}

function isOwnDraft(file: string): boolean {
  const [, target] = DRAFT.exec(file) ?? [];
  if (target === undefined) return false;
  return (
    OWN.has(target) ||
    LEASE.test(target) ||
    ID_OF_A_MACHINE.test(target) ||
    parseSegmentName(target) !== undefined
  );
}
