import type { Manifest, ManifestEvents } from 'headcount/wire';
import type { Zone } from '../rules/day.js';
import type { ManifestFiles } from './manifest-files.js';
import type { ProjectSettings, ProjectSettingsFile } from './project-settings.js';
import { hashSecret, isSecret, makeWriteKey } from './secret.js';

/** Why a report's project does not take it. */
export type ProjectRefusal = 'project_closed' | 'too_many_projects' | 'key_required' | 'key_wrong';

/** Whether a project takes a report, and what it may say. */
export type Admission =
  | {
      readonly isAdmitted: true;
      readonly events: ManifestEvents | undefined;
      /** In which the day of a report is told. */
      readonly zone: Zone;
    }
  | { readonly isAdmitted: false; readonly refusal: ProjectRefusal };

/** A project as the administrator sees it. */
export interface ProjectView {
  readonly project: string;
  readonly status: 'open' | 'closed';
  readonly timezone: Zone;
  /** `null` for a project that came with its first report. */
  readonly created_at: string | null;
  readonly has_write_key: boolean;
  readonly has_manifest: boolean;
}

/** The projects: which there are, who may report to them, and what they declare. */
export interface Projects {
  admit(project: string, key: string | undefined): Admission;
  list(): ProjectView[];
  find(project: string): ProjectView | undefined;
  manifestOf(project: string): Manifest | undefined;
  /** Creates a project, or changes it: what is not named stays as it is. */
  save(
    project: string,
    changes: Partial<Pick<ProjectSettings, 'status' | 'timezone'>>,
  ): Promise<void>;
  /** The zone that a project's days are told in; of all projects, `null`, the collector's. */
  zoneOf(project: string | null): Zone;
  /** Gives a project a new write key, instead of the one it had. @returns The key, only now. */
  issueKey(project: string): Promise<string>;
  revokeKey(project: string): Promise<void>;
  declare(manifest: Manifest): Promise<void>;
  withdrawManifest(project: string): Promise<void>;
}

export interface ProjectsOptions {
  readonly settings: ProjectSettingsFile;
  readonly manifests: ManifestFiles;
  /** Whether a project comes to be with its first report, or by the administrator alone. */
  readonly mode: 'open' | 'closed';
  /** Projects that may come to be with their first report. */
  readonly maxProjects: number;
  /** The zone of projects that have none of their own. */
  readonly zone: Zone;
  /** The projects that have been counted. */
  readonly counted: () => Promise<readonly string[]>;
  readonly now: () => Date;
}

/** How long a full list is trusted before it is read again, in milliseconds. */
const REFRESH_MS = 10_000;

/** Opens the projects. */
export async function openProjects(options: ProjectsOptions): Promise<Projects> {
  const { settings, manifests, mode, maxProjects, zone, counted, now } = options;
  const reported = new Set(await counted());
  const keys = new Map<string, Buffer>();
  let refreshedAt = performance.now();
  // One change at a time: each writes the whole file.
  let lastChange: Promise<unknown> = Promise.resolve();

  for (const [project, { write_key_sha256: hash }] of settings.all) {
    if (hash !== undefined) keys.set(project, Buffer.from(hash, 'hex'));
  }
  const isKnown = (project: string): boolean =>
    settings.all.has(project) || manifests.all.has(project) || reported.has(project);

  /** What the last process had acknowledged and not yet counted may be counted by now. */
  const refresh = (): void => {
    if (performance.now() - refreshedAt < REFRESH_MS) return;
    refreshedAt = performance.now();
    counted().then(
      (projects) => {
        for (const project of projects) reported.add(project);
      },
      () => undefined, // The next refusal asks again.
    );
  };
  const refusalOf = (project: string, key: string | undefined): ProjectRefusal | undefined => {
    if (settings.all.get(project)?.status === 'closed') return 'project_closed';
    if (!isKnown(project)) {
      if (mode === 'closed') return 'project_closed';
      if (reported.size >= maxProjects) {
        refresh();
        return 'too_many_projects';
      }
      reported.add(project);
    }
    const hash = keys.get(project);
    if (hash === undefined) return undefined;
    if (key === undefined) return 'key_required';
    return isSecret(key, hash) ? undefined : 'key_wrong';
  };
  const change = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = lastChange.then(work, work);
    lastChange = next.catch(() => undefined);
    return next;
  };
  const settingsOf = (project: string): ProjectSettings =>
    settings.all.get(project) ?? { status: 'open', created_at: now().toISOString() };
  const zoneOf = (project: string | null): Zone =>
    (project === null ? undefined : settings.all.get(project)?.timezone) ?? zone;
  const view = (project: string): ProjectView => ({
    project,
    status: settings.all.get(project)?.status ?? 'open',
    timezone: zoneOf(project),
    created_at: settings.all.get(project)?.created_at ?? null,
    has_write_key: keys.has(project),
    has_manifest: manifests.all.has(project),
  });

  return {
    admit: (project, key) => {
      const refusal = refusalOf(project, key);
      return refusal === undefined
        ? { isAdmitted: true, events: manifests.all.get(project)?.events, zone: zoneOf(project) }
        : { isAdmitted: false, refusal };
    },
    list: () =>
      [...new Set([...settings.all.keys(), ...manifests.all.keys(), ...reported])].sort().map(view),
    find: (project) => (isKnown(project) ? view(project) : undefined),
    manifestOf: (project) => manifests.all.get(project),
    save: (project, changes) =>
      change(() => settings.save(project, { ...settingsOf(project), ...changes })),
    zoneOf,
    issueKey: (project) =>
      change(async () => {
        const key = makeWriteKey();
        const hash = hashSecret(key);
        const write_key_sha256 = hash.toString('hex');
        await settings.save(project, { ...settingsOf(project), write_key_sha256 });
        keys.set(project, hash);
        return key;
      }),
    revokeKey: (project) =>
      change(async () => {
        const { status, created_at, timezone } = settingsOf(project);
        const zoned = timezone === undefined ? {} : { timezone };
        await settings.save(project, { status, created_at, ...zoned });
        keys.delete(project);
      }),
    declare: (manifest) => change(() => manifests.save(manifest)),
    withdrawManifest: (project) => change(() => manifests.remove(project)),
  };
}
