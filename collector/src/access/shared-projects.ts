import type { Manifest } from 'headcount/wire';
import type { SharedRecords } from '../store/shared-store.js';
import { ChangedMeanwhileError } from './changed-meanwhile.js';
import type { ManifestFiles } from './manifest-files.js';
import type { ProjectSettings, ProjectSettingsFile } from './project-settings.js';

/** The settings of projects that nodes share. */
export function shareProjectSettings(records: SharedRecords<ProjectSettings>): ProjectSettingsFile {
  const { read, put } = createMap(records);
  return {
    get all() {
      return read();
    },
    save: put,
    remove: (project) => put(project, undefined),
  };
}

/** The manifests that nodes share. */
export function shareManifests(records: SharedRecords<Manifest>): ManifestFiles {
  const { read, put } = createMap(records);
  return {
    get all() {
      return read();
    },
    save: (manifest) => put(manifest.project, manifest),
    remove: (project) => put(project, undefined),
  };
}

function createMap<Value>(records: SharedRecords<Value>) {
  const read = (): ReadonlyMap<string, Value> => records.read() ?? new Map<string, Value>();
  return {
    read,
    /** Puts a value in the place of the one that this node knows. */
    put: async (name: string, value: Value | undefined): Promise<void> => {
      const known = read().get(name);
      const isSame = await records.change((values) => {
        if (values.get(name) !== known) return false;
        if (value === undefined) values.delete(name);
        else values.set(name, value);
        return true;
      });
      if (!isSame) throw new ChangedMeanwhileError(`Another node has changed ${name} meanwhile.`);
    },
  };
}
