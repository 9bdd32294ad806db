import { CHOICE_KEY } from '../consent/choice.js';
import { createPreference, type Preference } from '../consent/preference.js';
import type { Platform } from '../platform/platform.js';
import { APP_RECORD, type AppRecord, parseAppRecord } from '../project/app-record.js';
import { ALL_PROJECTS } from '../storage/open-storage.js';

/** What a user says of all projects at once. */
export interface AllProjects {
  readonly preference: Preference;
  /** The projects that have reported from here, as far as they use the usual folders. */
  known(): AppRecord[];
}

/** See {@link AllProjects}. */
export function allProjects(platform: Platform): AllProjects {
  const folders = platform.folders(ALL_PROJECTS);
  const file = folders && `${folders.config}/${CHOICE_KEY}`;
  const places = file
    ? [
        {
          source: file,
          get: () => platform.files.read(file),
          set: (text: string) => platform.files.replace(file, `${text}\n`),
        },
      ]
    : [];
  return {
    preference: createPreference(places, platform),
    known() {
      const root = folders?.state.slice(0, -(ALL_PROJECTS.length + 1));
      if (root === undefined) return [];
      return platform.files.list(root).flatMap((name) => {
        const record = recordIn(`${root}/${name}/${APP_RECORD}`, platform);
        return record ? [record] : [];
      });
    },
  };
}

function recordIn(file: string, { files }: Platform): AppRecord | undefined {
  try {
    return parseAppRecord(files.read(file));
  } catch {
    return undefined; // another user's
  }
}
