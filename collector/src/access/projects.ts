import type { Manifest, ManifestEvents } from 'headcount/wire';
import type { Zone } from '../rules/day.js';
import type { Visibility } from '../rules/visibility.js';
import type { ManifestFiles } from './manifest-files.js';
import type { ProjectSettings, ProjectSettingsFile } from './project-settings.js';
import { hashSecret, isSecret, makeWriteKey } from './secret.js';

/** Why a project refuses a report. */
export type RefusalReason = 'project_closed' | 'too_many_projects' | 'key_required' | 'key_wrong';

/** Whether a project accepts a report, and what the report may contain. */
export type Admission =
  | {
      readonly isAdmitted: true;
      readonly events: ManifestEvents | undefined;
      /** The values of facts that the manifest lists. */
      readonly listed: Manifest['facts'];
      /** Whether the project exists only since this report. */
      readonly isNew: boolean;
      /** The time zone that decides the day of a report. */
      readonly zone: Zone;
    }
  | { readonly isAdmitted: false; readonly reason: RefusalReason };

/** A project as the administrator sees it. */
export interface ProjectView {
  readonly project: string;
  readonly status: 'open' | 'closed';
  readonly timezone: Zone;
  readonly visibility: Visibility;
  /** `null` for a project that its first report created. */
  readonly created_at: string | null;
  readonly has_write_key: boolean;
  readonly has_manifest: boolean;
}

/** The projects: names, settings, write keys and manifests. */
export interface Projects {
  admit(project: string, key: string | undefined): Admission;
  /** Takes back that reports created projects: these were not kept. */
  release(projects: readonly string[]): void;
  list(): ProjectView[];
  find(project: string): ProjectView | undefined;
  manifestOf(project: string): Manifest | undefined;
  /** Creates or changes a project. Settings that are left out stay. */
  save(
    project: string,
    changes: Partial<Pick<ProjectSettings, 'status' | 'timezone' | 'visibility'>>,
  ): Promise<void>;
  /** The time zone of a project's days; for `null`, all projects, the collector's. */
  zoneOf(project: string | null): Zone;
  /** What the public sees of a project; nothing of one that does not exist. */
  visibilityOf(project: string): Visibility;
  /**
   * The projects of which the public sees anything; `null` if that is all of them, `undefined` if
   * the collector shows none by default and none has a setting of its own.
   */
  shown(): readonly string[] | null | undefined;
  /** Calls back after each change of a setting. Returns what ends that. */
  onChange(listener: () => void): () => void;
  /**
   * Replaces a project's write key.
   *
   * @returns The key. It is not stored and cannot be shown again.
   */
  issueKey(project: string): Promise<string>;
  revokeKey(project: string): Promise<void>;
  declare(manifest: Manifest): Promise<void>;
  withdrawManifest(project: string): Promise<void>;
}

export interface ProjectsOptions {
  readonly settings: ProjectSettingsFile;
  readonly manifests: ManifestFiles;
  /**
   * Whether a first report creates its project (`open`) or only the administrator does (`closed`).
   */
  readonly mode: 'open' | 'closed';
  /** How many projects first reports may create. */
  readonly maxProjects: number;
  /** The time zone of projects without a setting. */
  readonly zone: Zone;
  /** What the public sees of projects without a setting. */
  readonly visibility: Visibility;
  /** The projects with counted reports. */
  readonly counted: () => Promise<readonly string[]>;
  readonly now: () => Date;
}

/** How long a full list of projects is used before it is read again, in milliseconds. */
const REFRESH_MS = 10_000;

/** Opens the projects. */
export async function openProjects(options: ProjectsOptions): Promise<Projects> {
  const { settings, manifests, mode, maxProjects, zone, visibility, counted, now } = options;
  const reported = new Set(await counted());
  const keys = new Map<string, Buffer>();
  let refreshedAt = performance.now();
  // One change at a time: each writes the whole file.
  let lastChange: Promise<unknown> = Promise.resolve();
  const listeners = new Set<() => void>();

  for (const [project, { write_key_sha256: hash }] of settings.all) {
    if (hash !== undefined) keys.set(project, Buffer.from(hash, 'hex'));
  }
  const isKnown = (project: string): boolean =>
    settings.all.has(project) || manifests.all.has(project) || reported.has(project);

  /** Reports that the previous process left uncounted may have been counted by now. */
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
  const refusalReason = (project: string, key: string | undefined): RefusalReason | undefined => {
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
    const next = lastChange.then(work, work).then((result) => {
      for (const listener of listeners) listener();
      return result;
    });
    lastChange = next.catch(() => undefined);
    return next;
  };
  const settingsOf = (project: string): ProjectSettings =>
    settings.all.get(project) ?? { status: 'open', created_at: now().toISOString() };
  const zoneOf = (project: string | null): Zone =>
    (project === null ? undefined : settings.all.get(project)?.timezone) ?? zone;
  const shownOf = (project: string): Visibility =>
    settings.all.get(project)?.visibility ?? visibility;
  const names = (): string[] => [
    ...new Set([...settings.all.keys(), ...manifests.all.keys(), ...reported]),
  ];
  const shown = (): readonly string[] | null | undefined => {
    const set = [...settings.all.values()].map((one) => one.visibility ?? visibility);
    const isShown = (one: Visibility): boolean => one !== 'none';
    if (isShown(visibility)) {
      return set.every(isShown) ? null : names().filter((project) => isShown(shownOf(project)));
    }
    if (!set.some(isShown)) return undefined;
    return [...settings.all.keys()].filter((project) => isShown(shownOf(project)));
  };
  const view = (project: string): ProjectView => ({
    project,
    status: settings.all.get(project)?.status ?? 'open',
    timezone: zoneOf(project),
    visibility: shownOf(project),
    created_at: settings.all.get(project)?.created_at ?? null,
    has_write_key: keys.has(project),
    has_manifest: manifests.all.has(project),
  });

  return {
    admit: (project, key) => {
      const isNew = !isKnown(project);
      const reason = refusalReason(project, key);
      if (reason !== undefined) return { isAdmitted: false, reason };
      const { events, facts: listed } = manifests.all.get(project) ?? {};
      return { isAdmitted: true, events, listed, isNew, zone: zoneOf(project) };
    },
    release: (names) => {
      for (const project of names) reported.delete(project);
    },
    list: () => names().sort().map(view),
    find: (project) => (isKnown(project) ? view(project) : undefined),
    manifestOf: (project) => manifests.all.get(project),
    save: (project, changes) =>
      change(() => settings.save(project, { ...settingsOf(project), ...changes })),
    zoneOf,
    visibilityOf: (project) => (isKnown(project) ? shownOf(project) : 'none'),
    shown,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
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
        const others = { ...settingsOf(project) };
        delete others.write_key_sha256;
        await settings.save(project, others);
        keys.delete(project);
      }),
    declare: (manifest) => change(() => manifests.save(manifest)),
    withdrawManifest: (project) => change(() => manifests.remove(project)),
  };
}
