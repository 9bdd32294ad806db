import { ALL_PROJECTS, APP_RECORD, CHOICE_KEY } from '../file-names.js';
import {
  choiceFile,
  createPreference,
  firstChoice,
  type SavingPreference,
} from '../consent/choice.js';
import { discardAll } from '../storage/discard-all.js';
import type { Platform } from '../platform/platform.js';
import { type AppRecord, parseAppRecord } from '../project/app-record.js';
import { type MakeRoom, openStorage, type OpenStorage } from '../storage/open-storage.js';

/** What a user can see and choose for all projects at once. */
export interface AllProjects {
  readonly preference: SavingPreference;
  /** The projects that have reported from here and use the usual folders. */
  known(): AppRecord[];
  /** Why it cannot be told whether a project has reported from here, if so. */
  unreadable(project: string): string | undefined;
  /** Whether the user has made a choice for this project alone. */
  hasOwnChoice(project: string): boolean;
  /** Deletes the queues of all projects without a separate choice. Never rejects. */
  discard(): Promise<void>;
}

/** See {@link AllProjects}. */
export function allProjects(platform: Platform): AllProjects {
  const folders = platform.folders(ALL_PROJECTS);
  const file = folders && `${folders.choice ?? folders.config}/${CHOICE_KEY}`;
  if (folders) platform.files.guard(folders);
  const places = file === undefined ? [] : [choiceFile(file, platform)];
  const root = folders?.state.slice(0, -(ALL_PROJECTS.length + 1));
  function known(): AppRecord[] {
    if (root === undefined) return [];
    return namesIn(root, platform).flatMap((name) => {
      const record = recordIn(`${root}/${name}/${APP_RECORD}`, platform);
      return record ? [record] : [];
    });
  }
  const open = (project: string): OpenStorage =>
    openStorage({ kind: 'file' }, project, platform, NO_ROOM);
  const hasOwn = ({ choicePlaces }: OpenStorage): boolean =>
    firstChoice(choicePlaces.slice(0, 1)) !== undefined;
  return {
    preference: createPreference(places, platform),
    known,
    unreadable(project) {
      try {
        const state = open(project).folders?.state;
        if (root === undefined || state === undefined) return undefined;
        platform.files.list(root);
        platform.files.read(`${state}/${APP_RECORD}`);
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : 'unknown error';
      }
    },
    hasOwnChoice: (project) => hasOwn(open(project)),
    async discard() {
      for (const { project } of known()) {
        const opened = open(project);
        if (!hasOwn(opened)) await discardAll(opened, platform);
      }
    },
  };
}

/** Nothing is appended here, so there is no need to make room. */
const NO_ROOM: MakeRoom = () => ({ lost: 0, left: 0 });

function namesIn(folder: string, { files }: Platform): readonly string[] {
  try {
    return files.list(folder);
  } catch {
    return []; // made by another user, for example by `sudo`: the choice can still be saved
  }
}

function recordIn(file: string, { files }: Platform): AppRecord | undefined {
  try {
    return parseAppRecord(files.read(file));
  } catch {
    return undefined; // it belongs to another user
  }
}
