import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DataFolder } from '../data-folder.js';
import { syncPath } from '../sync-path.js';

/** The folder in which new content is put together; without meaning until it is renamed. */
export const DRAFT = 'restore.draft';

/** Whole new content. The old content is being moved aside. */
const READY = 'restore.ready';

/** The old content is aside. The new content is being moved to its place. */
const MOVING = 'restore.moving';

/** In new content: the name of the folder for the old content. */
const ASIDE = 'before-restore-';

const OF_RESTORE = [DRAFT, READY, MOVING];

/**
 * The entries of a data folder that a restore replaces: all but the lock, which it holds, and the
 * old content of earlier restores.
 */
export function replacedEntries({ path, lock, holder }: Paths): string[] {
  const kept = [basename(lock), basename(holder), ...OF_RESTORE];
  return readdirSync(path).filter(
    (name) =>
      !kept.includes(name) && !name.startsWith(`${basename(lock)}-`) && !name.startsWith(ASIDE),
  );
}

type Paths = Pick<DataFolder, 'path' | 'lock' | 'holder'>;

/** Removes the draft of a restore that failed or was cut off. */
export function dropDraft({ path }: Paths): void {
  rmSync(join(path, DRAFT), { recursive: true, force: true });
}

/** Makes the folder for new content, in place of one that was cut off. */
export function beginDraft(folder: Paths): string {
  dropDraft(folder);
  const draft = join(folder.path, DRAFT);
  mkdirSync(draft, { mode: 0o700 });
  return draft;
}

/** Whether a restore was cut off after its content was whole, so that it must be finished. */
export function isReplacing({ path }: Paths): boolean {
  return [READY, MOVING].some((name) => existsSync(join(path, name)));
}

/**
 * Puts the draft in the place of the old content. When this is cut off, the folder has either the
 * old content or one that {@link finishReplacing} completes.
 *
 * @returns Where the old content is; `undefined` if there was none.
 */
export function replaceContent(folder: Paths, at: Date): string | undefined {
  const { path } = folder;
  const aside = replacedEntries(folder).length > 0 ? makeAside(path, at) : undefined;
  if (aside !== undefined) {
    // In the draft, so that it becomes valid with the content.
    mkdirSync(join(path, DRAFT, `.aside-${Buffer.from(aside).toString('base64url')}`));
  }
  syncPath(join(path, DRAFT));
  renameSync(join(path, DRAFT), join(path, READY));
  syncPath(path);
  finishReplacing(folder);
  return aside;
}

/** Finishes what a restore began, and removes drafts. Nothing else may use the folder. */
export function finishReplacing(folder: Paths): void {
  const { path } = folder;
  const [ready, moving] = [join(path, READY), join(path, MOVING)];
  dropDraft(folder);
  if (existsSync(ready)) {
    const aside = asideOf(ready);
    if (aside !== undefined) {
      for (const name of replacedEntries(folder)) renameSync(join(path, name), join(aside, name));
      syncPath(aside);
    }
    syncPath(path);
    renameSync(ready, moving);
    syncPath(path);
  }
  if (!existsSync(moving)) return;
  for (const name of readdirSync(moving)) {
    if (isMark(name)) continue;
    renameSync(join(moving, name), join(path, name));
  }
  syncPath(path);
  rmSync(moving, { recursive: true });
  syncPath(path);
}

const MARK = '.aside-';
const isMark = (name: string): boolean => name.startsWith(MARK);

function asideOf(content: string): string | undefined {
  const mark = readdirSync(content).find(isMark);
  return mark && Buffer.from(mark.slice(MARK.length), 'base64url').toString();
}

/** Makes a folder beside the data folder; inside it where nothing can be moved out. */
function makeAside(path: string, at: Date): string {
  const name = `${ASIDE}${at.toISOString().replaceAll(/[-:.]/g, '')}`;
  const beside = join(dirname(path), `${basename(path)}.${name}`);
  try {
    mkdirSync(beside, { mode: 0o700 });
    if (statSync(beside).dev === statSync(path).dev) return beside;
    rmdirSync(beside);
  } catch {
    // The folder above cannot be written: it is another user's, or the root of a container.
  }
  const inside = join(path, name);
  mkdirSync(inside, { mode: 0o700 });
  return inside;
}
