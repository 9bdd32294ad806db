import type { Manifest, ManifestEvents } from 'headcount/wire';
import { createTurns } from '../create-turns.js';
import type { EndedVersions } from '../rules/ended-versions.js';
import type { Zone } from '../rules/day.js';
import type { Visibility } from '../rules/visibility.js';
import type { Note } from './annotations.js';
import type { ManifestFiles } from './manifest-files.js';
import { untilUnchanged } from './changed-meanwhile.js';
import { createProjectRecords } from './project-records.js';
import type { ProjectSettings, ProjectSettingsFile, Removal } from './project-settings.js';
import { openReportedProjects } from './reported-projects.js';
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
  /** Whether everybody may have its badge. */
  readonly badge: boolean;
  /** `null` for a project that its first report created. */
  readonly created_at: string | null;
  /** Who is counted, in the project's own words; `null` if it says nothing. */
  readonly coverage: string | null;
  /** The versions that the project no longer supports. */
  readonly ended: EndedVersions;
  /** Whether its data is marked as invented. */
  readonly invented: boolean;
  readonly has_write_key: boolean;
  readonly has_manifest: boolean;
}

/** The projects: names, settings, write keys and manifests. */
export interface Projects {
  admit(project: string, key: string | undefined): Admission;
  /** Takes back that reports created projects: these were not kept. */
  release(projects: readonly string[]): void;
  list(): ProjectView[];
  /** Forgets the projects of which neither counts nor settings are left. */
  refresh(): Promise<void>;
  find(project: string): ProjectView | undefined;
  manifestOf(project: string): Manifest | undefined;
  /** Creates or changes a project. Settings that are left out stay. */
  save(
    project: string,
    changes: Partial<
      Pick<
        ProjectSettings,
        'status' | 'timezone' | 'visibility' | 'badge' | 'coverage' | 'ended' | 'invented'
      >
    >,
  ): Promise<void>;
  /** The time zone of a project's days; for `null`, all projects, the collector's. */
  zoneOf(project: string | null): Zone;
  /** What a project says about itself; for `null`, all projects, nothing. */
  toldOf(project: string | null): Pick<ProjectView, 'coverage' | 'ended' | 'invented'>;
  /** What the administrator has noted about days of a project, in the order of the notes. */
  notesOf(project: string): readonly Note[];
  /**
   * Changes what is noted about a project.
   *
   * @param change - Gives the notes that take the place of those before; what it throws is thrown.
   */
  changeNotes(project: string, change: (notes: readonly Note[]) => readonly Note[]): Promise<void>;
  /** Whether everybody may have the badge of a project: never of a hidden one. */
  badgeOf(project: string): boolean;
  /** What the public sees of a project; nothing of one that does not exist. */
  visibilityOf(project: string): Visibility;
  /**
   * The projects of which the public sees anything; `null` if that is all of them, `undefined` if
   * the collector shows none by default and none has a setting of its own.
   */
  shown(): readonly string[] | null | undefined;
  /** Calls back after each change of a setting. Returns what ends that. */
  onChange(listener: () => void): () => void;
  /** Called when another node has changed a setting, which is in force already. */
  changedElsewhere(): void;
  /**
   * Replaces a project's write key.
   *
   * @returns The key. It is not stored and cannot be shown again.
   */
  issueKey(project: string): Promise<string>;
  revokeKey(project: string): Promise<void>;
  declare(manifest: Manifest): Promise<void>;
  withdrawManifest(project: string): Promise<void>;
  /** Takes a project's settings, key and manifest out. Until they are changed they can come back. */
  remove(project: string, removal: Pick<Removal, 'cleaning' | 'until'>): Promise<void>;
  /** Gives back what was taken out with a cleaning, if anything was. */
  bringBack(cleaning: string): Promise<void>;
  /** Erases what was taken out and can no longer come back. */
  eraseRemoved(at: Date): Promise<void>;
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
  const reported = await openReportedProjects(counted);
  const records = createProjectRecords(settings, manifests);
  let refreshedAt = performance.now();
  const inTurn = createTurns();
  const listeners = new Set<() => void>();

  const { settingsOf: setOf, manifestOf } = records;
  const isKnown = (project: string): boolean =>
    setOf(project) !== undefined || manifestOf(project) !== undefined || reported.has(project);

  /** Others may have been counted or cleaned by now. */
  const refreshSoon = (): void => {
    if (performance.now() - refreshedAt < REFRESH_MS) return;
    refreshedAt = performance.now();
    reported.refresh().catch(() => undefined); // The next refusal asks again.
  };
  const refusalReason = (project: string, key: string | undefined): RefusalReason | undefined => {
    if (setOf(project)?.status === 'closed') return 'project_closed';
    if (!isKnown(project)) {
      if (mode === 'closed') return 'project_closed';
      if (reported.size >= maxProjects) {
        refreshSoon();
        return 'too_many_projects';
      }
      reported.add(project);
    }
    const hash = setOf(project)?.write_key_sha256;
    if (hash === undefined) return undefined;
    if (key === undefined) return 'key_required';
    return isSecret(key, Buffer.from(hash, 'hex')) ? undefined : 'key_wrong';
  };
  const tellChange = (): void => {
    for (const listener of listeners) listener();
  };
  const change = <Result>(work: () => Promise<Result>): Promise<Result> =>
    inTurn(async () => {
      const result = await untilUnchanged(work);
      tellChange();
      return result;
    });
  const settingsOf = (project: string): ProjectSettings =>
    setOf(project) ?? { status: 'open', created_at: now().toISOString() };
  const zoneOf = (project: string | null): Zone =>
    (project === null ? undefined : setOf(project)?.timezone) ?? zone;
  const shownOf = (project: string): Visibility => setOf(project)?.visibility ?? visibility;
  const names = (): string[] => [...new Set([...records.names(), ...reported])];
  const setNames = (): string[] => names().filter((project) => setOf(project) !== undefined);
  const shown = (): readonly string[] | null | undefined => {
    const set = setNames().map(shownOf);
    const isShown = (one: Visibility): boolean => one !== 'none';
    if (isShown(visibility)) {
      return set.every(isShown) ? null : names().filter((project) => isShown(shownOf(project)));
    }
    if (!set.some(isShown)) return undefined;
    return setNames().filter((project) => isShown(shownOf(project)));
  };
  const toldOf = (project: string | null): Pick<ProjectView, 'coverage' | 'ended' | 'invented'> => {
    const {
      coverage = '',
      ended = {},
      invented = false,
    } = (project === null ? undefined : setOf(project)) ?? {};
    return { coverage: coverage === '' ? null : coverage, ended, invented };
  };
  const notesOf = (project: string): readonly Note[] => setOf(project)?.annotations ?? [];
  const view = (project: string): ProjectView => ({
    project,
    status: setOf(project)?.status ?? 'open',
    timezone: zoneOf(project),
    visibility: shownOf(project),
    badge: setOf(project)?.badge ?? false,
    created_at: setOf(project)?.created_at ?? null,
    ...toldOf(project),
    has_write_key: setOf(project)?.write_key_sha256 !== undefined,
    has_manifest: manifestOf(project) !== undefined,
  });

  return {
    admit: (project, key) => {
      const isNew = !isKnown(project);
      const reason = refusalReason(project, key);
      if (reason !== undefined) return { isAdmitted: false, reason };
      const { events, facts: listed } = manifestOf(project) ?? {};
      return { isAdmitted: true, events, listed, isNew, zone: zoneOf(project) };
    },
    release: (names) => {
      for (const project of names) reported.release(project);
    },
    list: () => names().sort().map(view),
    refresh: () => reported.refresh(),
    find: (project) => (isKnown(project) ? view(project) : undefined),
    manifestOf,
    save: (project, changes) =>
      change(() => records.save(project, { ...settingsOf(project), ...changes })),
    zoneOf,
    toldOf,
    notesOf,
    changeNotes: (project, next) =>
      change(async () => {
        const annotations = [...next(notesOf(project))];
        await records.save(project, { ...settingsOf(project), annotations });
      }),
    badgeOf: (project) =>
      isKnown(project) && shownOf(project) !== 'none' && setOf(project)?.badge === true,
    visibilityOf: (project) => (isKnown(project) ? shownOf(project) : 'none'),
    shown,
    changedElsewhere: tellChange,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    issueKey: (project) =>
      change(async () => {
        const key = makeWriteKey();
        const write_key_sha256 = hashSecret(key).toString('hex');
        await records.save(project, { ...settingsOf(project), write_key_sha256 });
        return key;
      }),
    revokeKey: (project) =>
      change(async () => {
        const others = { ...settingsOf(project) };
        delete others.write_key_sha256;
        await records.save(project, others);
      }),
    declare: (manifest) => change(() => records.declare(manifest)),
    withdrawManifest: (project) => change(() => records.withdraw(project)),
    remove: (project, removal) =>
      change(() => records.remove(project, removal, settingsOf(project))),
    bringBack: (cleaning) => change(() => records.bringBack(cleaning)),
    eraseRemoved: (at) => change(() => records.eraseRemoved(at)),
  };
}
