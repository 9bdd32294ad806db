import type { Folders, Platform } from '../platform/platform.js';

/** A draft is there for milliseconds: what is as old was left by a process that was killed. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;
const DRAFT = /\.[0-9a-f]{12}\.tmp$/;

/** Removes what killed processes had begun to write. Never throws. */
export function sweepDrafts(
  { config, state, outbox }: Folders,
  { files, now }: Pick<Platform, 'files' | 'now'>,
): void {
  for (const folder of [config, state, outbox]) {
    try {
      for (const name of files.list(folder).filter((file) => DRAFT.test(file))) {
        const path = `${folder}/${name}`;
        const writtenMs = files.stat(path)?.modifiedMs ?? now();
        if (Math.abs(now() - writtenMs) > ABANDONED_AFTER_MS) files.remove(path);
      }
    } catch {
      continue; // not ours to read or to write: another sender may
    }
  }
}
