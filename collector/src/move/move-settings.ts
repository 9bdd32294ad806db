import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder, type DataFolder } from '../data-folder.js';
import { readSettings, settingsPaths, writeSettings } from '../settings-of-folder.js';
import { lastCellsOf, toSharedCells } from '../stats/shared-cells.js';
import type { MovedBeside, SharedSettings } from '../store/moving/move-side.js';
import type { SharedBeginning } from '../store/shared-store.js';
import { syncPath } from '../sync-path.js';
import { removeDurably } from '../write-durably.js';
import { asideOf } from './aside-of.js';
import { compareSettings, type MovedSettings } from './compare-settings.js';

/** Brings what nodes share to a folder, whose own files are kept aside. */
export function moveSettings(
  settings: Pick<SharedSettings, 'read'>,
  folder: DataFolder,
  now: () => Date,
): MovedBeside & { /** `undefined` if the store has none. */ moved(): MovedSettings | undefined } {
  const draft = dataFolder(join(folder.path, 'settings.moving'));
  let moved: MovedSettings | undefined;
  return {
    copy: async () => {
      const shared = await settings.read();
      if (shared === undefined) return;
      rmSync(draft.path, { recursive: true, force: true });
      mkdirSync(draft.path, { mode: 0o700 });
      await writeSettings(draft, shared, now().getTime());
      moved = compare(shared, draft);
    },
    publish: async () => {
      if (moved === undefined) return;
      const at = now();
      const drafts = settingsPaths(draft);
      for (const [n, path] of settingsPaths(folder).entries()) {
        if (existsSync(path)) renameSync(path, asideOf(path, at));
        const written = drafts[n];
        if (written !== undefined && existsSync(written)) renameSync(written, path);
      }
      syncPath(folder.path);
      rmSync(draft.path, { recursive: true, force: true });
      // The files of the folder hold again.
      await removeDurably(folder.inStore);
    },
    moved: () => moved,
  };
}

/** @throws `MoveError` if a start would take over from the draft what the store has not. */
function compare(shared: SharedBeginning, draft: DataFolder): MovedSettings {
  const found = readSettings(draft, (error) => {
    throw error;
  });
  // The folder keeps the last cells alone.
  const documents = { ...shared.documents, ...toSharedCells(lastCellsOf(shared)) };
  return compareSettings(found, { ...shared, documents });
}
