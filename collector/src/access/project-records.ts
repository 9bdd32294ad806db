import type { Manifest } from 'headcount/wire';
import type { ManifestFiles } from './manifest-files.js';
import type { ProjectSettings, ProjectSettingsFile, Removal } from './project-settings.js';

/** What is set of projects: settings and manifests. Those of removed projects can come back. */
export interface ProjectRecords {
  readonly settingsOf: (project: string) => ProjectSettings | undefined;
  readonly manifestOf: (project: string) => Manifest | undefined;
  /** The projects with settings, and those with a manifest. */
  names(): readonly string[];
  /** Sets them anew. What was removed is then gone for good; likewise below. */
  save(project: string, settings: ProjectSettings): Promise<void>;
  declare(manifest: Manifest): Promise<void>;
  withdraw(project: string): Promise<void>;
  /**
   * Removes the settings and the manifest of a project, as far as there are any.
   *
   * @param fallback - Settings to keep a manifest without any.
   */
  remove(
    project: string,
    removal: Pick<Removal, 'cleaning' | 'until'>,
    fallback: ProjectSettings,
  ): Promise<void>;
  /** Gives back what was removed with a cleaning. */
  bringBack(cleaning: string): Promise<void>;
  /** Erases what was removed and can no longer come back. */
  eraseRemoved(at: Date): Promise<void>;
}

/** Removed projects stay in the files, marked, so that one write removes or brings back all of it. */
export function createProjectRecords(
  settings: ProjectSettingsFile,
  manifests: ManifestFiles,
): ProjectRecords {
  const removalOf = (project: string): Removal | undefined => settings.all.get(project)?.removed;
  const settingsOf = (project: string): ProjectSettings | undefined =>
    removalOf(project) === undefined ? settings.all.get(project) : undefined;
  const manifestOf = (project: string): Manifest | undefined =>
    removalOf(project) === undefined ? manifests.all.get(project) : undefined;
  const forget = async (project: string): Promise<void> => {
    if (removalOf(project) === undefined) return;
    if (manifests.all.has(project)) await manifests.remove(project);
    await settings.remove(project);
  };
  return {
    settingsOf,
    manifestOf,
    names: () =>
      [...new Set([...settings.all.keys(), ...manifests.all.keys()])].filter(
        (project) => removalOf(project) === undefined,
      ),
    save: async (project, changed) => {
      await forget(project);
      await settings.save(project, changed);
    },
    declare: async (manifest) => {
      await forget(manifest.project);
      await manifests.save(manifest);
    },
    withdraw: async (project) => {
      if (manifestOf(project) !== undefined) await manifests.remove(project);
    },
    remove: async (project, removal, fallback) => {
      const known = settingsOf(project);
      if (known === undefined && manifestOf(project) === undefined) return;
      const removed = { ...removal, had_settings: known !== undefined };
      await settings.save(project, { ...(known ?? fallback), removed });
    },
    bringBack: async (cleaning) => {
      const found = [...settings.all].find(([, { removed }]) => removed?.cleaning === cleaning);
      if (found === undefined) return;
      const [project, { removed, ...others }] = found;
      if (removed?.had_settings === true) await settings.save(project, others);
      else await settings.remove(project);
    },
    eraseRemoved: async (at) => {
      for (const [project, { removed }] of [...settings.all]) {
        if (removed && Date.parse(removed.until) <= at.getTime()) await forget(project);
      }
    },
  };
}
