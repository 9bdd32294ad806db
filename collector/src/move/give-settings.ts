import { existsSync } from 'node:fs';
import { toAuditEntry } from '../access/audit.js';
import type { DataFolder } from '../data-folder.js';
import { emptyStore, markShared } from '../open-settings.js';
import { readSettings } from '../settings-of-folder.js';
import type { MovedBeside, SharedSettings } from '../store/moving/move-side.js';
import { compareSettings, type MovedSettings } from './compare-settings.js';

export interface GiveSettingsOptions {
  readonly settings: SharedSettings;
  readonly folder: DataFolder;
  readonly now: () => Date;
  /** Called if sessions cannot be read: then they have ended. */
  readonly onSessionsFailure: (error: unknown) => void;
}

/** Brings what is set of a folder to a store, which nobody can use before it is there. */
export function giveSettings(
  options: GiveSettingsOptions,
): MovedBeside & { moved(): MovedSettings | undefined } {
  const { settings, folder, now, onSessionsFailure } = options;
  let moved: MovedSettings | undefined;
  return {
    copy: async () => {
      // A move that was cut off after its mark has written them, and the files of the folder are old.
      if (existsSync(folder.inStore)) {
        if ((await settings.read()) === undefined) throw emptyStore(folder);
        return;
      }
      const { documents, log } = readSettings(folder, onSessionsFailure);
      const done = { action: 'move', target: 'to a store', outcome: 'done' } as const;
      const entry = toAuditEntry(now(), { id: null, name: 'command line' }, done);
      const given = { documents, log: [...log, entry] };
      await settings.write(given);
      moved = compareSettings(given, (await settings.read()) ?? { documents: {}, log: [] });
    },
    publish: () => markShared(folder),
    moved: () => moved,
  };
}
