import { existsSync } from 'node:fs';
import type { DataFolder } from '../data-folder.js';
import { markShared, readSettings } from '../settings-of-folder.js';
import { type MovedBeside, MoveError, type SharedSettings } from '../store/moving/move-side.js';
import { compareSettings, type MovedSettings } from './compare-settings.js';

export interface GiveSettingsOptions {
  readonly settings: SharedSettings;
  readonly folder: DataFolder;
  /** What the audit log of the store has of the move. */
  readonly entry: object;
  /** Called if sessions cannot be read: then they have ended. */
  readonly onSessionsFailure: (error: unknown) => void;
}

/** Brings what is set of a folder to a store, which nobody can use before it is there. */
export function giveSettings(
  options: GiveSettingsOptions,
): MovedBeside & { moved(): MovedSettings | undefined } {
  const { settings, folder, entry, onSessionsFailure } = options;
  let moved: MovedSettings | undefined;
  return {
    copy: async () => {
      // A move that was cut off after its mark has written them, and the files of the folder are old.
      if (existsSync(folder.inStore)) {
        if ((await settings.read()) === undefined) throw emptyStore(folder);
        return;
      }
      const { documents, log } = readSettings(folder, onSessionsFailure);
      const given = { documents, log: [...log, entry] };
      await settings.write(given);
      moved = compareSettings(given, (await settings.read()) ?? { documents: {}, log: [] });
    },
    publish: () => markShared(folder),
    moved: () => moved,
  };
}

const emptyStore = ({ path, inStore }: DataFolder): MoveError =>
  new MoveError(
    `Settings and tokens of ${path} are in another store. To give this one the files of the folder, as ` +
      `they were before, remove ${inStore} and run this again: tokens that were revoked since open it again.`,
  );
