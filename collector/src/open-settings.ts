import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type Audit, openAudit } from './access/audit.js';
import { type ManifestFiles, openManifestFiles } from './access/manifest-files.js';
import { openProjectSettings, type ProjectSettingsFile } from './access/project-settings.js';
import { openSessionFile, type SessionStore } from './access/session-file.js';
import { openGuardedTokens } from './access/guarded-tokens.js';
import { shareAudit } from './access/shared-audit.js';
import { SHARED_KINDS } from './access/shared-kinds.js';
import { shareManifests, shareProjectSettings } from './access/shared-projects.js';
import { openTokenFile, type TokenStore } from './access/token-file.js';
import type { DataFolder } from './data-folder.js';
import { DataError } from './recovery/examine-data.js';
import type { CheckFolder } from './opened-folder.js';
import { markShared, readSettings, settingsFiles } from './settings-of-folder.js';
import { type CellsFiles, openCellsFiles } from './stats/cells-files.js';
import { openSharedCells } from './stats/shared-cells.js';
import type { CountsPlace } from './store/counts-place.js';
import { loadPostgres } from './store/load-postgres.js';
import {
  type Nodes,
  ONE_NODE,
  OWN_RUNS,
  type SharedRuns,
  type SharedStore,
} from './store/shared-store.js';

/** What is set of a collector, or was done and shown: in its folder, or shared by several. */
export interface OpenedSettings {
  readonly tokens: TokenStore;
  readonly sessions: SessionStore;
  readonly projects: ProjectSettingsFile;
  readonly manifests: ManifestFiles;
  readonly audit: Audit;
  readonly cells: CellsFiles;
  /** The nodes on one store. */
  readonly nodes: Nodes;
  readonly runs: SharedRuns;
  /** Calls back when another node has changed a project. */
  onProjectChange(listener: () => void): void;
  close(): Promise<void>;
}

export interface SettingsOptions {
  readonly folder: DataFolder;
  readonly counts: CountsPlace;
  readonly checkFolder: CheckFolder;
  readonly now: () => Date;
  /** How often a node tells others that it is up, and looks at what they do, in milliseconds. */
  readonly everyMs: number;
  /** Called if sessions cannot be read: then they have ended. */
  readonly onSessionsFailure: (error: unknown) => void;
  /** Called with files of the folder that are not used: the store has settings of another one. */
  readonly onUnused: (paths: readonly string[]) => void;
  /** Called with errors that no request is answered with. */
  readonly onFailure: (error: unknown) => void;
  /** Called with how far the clock is ahead of that of the store, in milliseconds. */
  readonly onClock: (leadMs: number) => void;
  readonly onRecovery: () => void;
}

/** Opens what is set, beside the counts. */
export function openSettings(options: SettingsOptions): Promise<OpenedSettings> {
  const { counts } = options;
  return counts.kind === 'sqlite' ? openInFolder(options) : openShared(options, counts.address);
}

async function openInFolder(options: SettingsOptions): Promise<OpenedSettings> {
  const { folder, checkFolder, now, onSessionsFailure } = options;
  requireOwn(folder);
  return {
    tokens: openTokenFile(folder.tokens, checkFolder),
    sessions: openSessionFile(folder.sessions, onSessionsFailure, checkFolder),
    projects: openProjectSettings(folder.projects),
    manifests: openManifestFiles(folder.manifests),
    audit: openAudit(folder.audit, now, checkFolder),
    cells: await openCellsFiles(folder.publicCells, now().getTime(), checkFolder),
    ...{ nodes: ONE_NODE, runs: OWN_RUNS },
    onProjectChange: () => undefined,
    close: () => Promise.resolve(),
  };
}

/** @throws `DataError` if what is set of a folder is in a store. */
export function requireOwn(folder: DataFolder): void {
  if (!existsSync(folder.inStore)) return;
  throw new DataError(
    `Settings and tokens of ${folder.path} are in the store that its collector shares with others: ` +
      `give it with HEADCOUNT_STORE. To have them in the folder again, with the counts, run ` +
      `headcount-collector move --from store --data ${folder.path}`,
  );
}

async function openShared(options: SettingsOptions, address: string): Promise<OpenedSettings> {
  const { folder, now, everyMs, onSessionsFailure, onUnused, onClock, onFailure, onRecovery } =
    options;
  const { openSharedStore } = await loadPostgres();
  const store = openSharedStore(address, folder.storeTimelines);
  const listeners = new Set<() => void>();
  const onChange = (): void => {
    for (const listener of listeners) listener();
  };
  try {
    const wasShared = existsSync(folder.inStore);
    if (!(await beginWith(folder, store, onSessionsFailure)) && !wasShared) {
      const unused = settingsFiles(folder);
      if (unused.length > 0) onUnused(unused);
      await markShared(folder);
    }
    const tokens = await openGuardedTokens(store, folder.revokedTokens, onFailure);
    const sessions = await store.open(SHARED_KINDS.sessions);
    const projects = await store.open(SHARED_KINDS.projects, onChange);
    const manifests = await store.open(SHARED_KINDS.manifests, onChange);
    const cells = await openSharedCells(store);
    const nodes = await store.join({
      ...{ node: randomUUID(), everyMs, now },
      ...{ onClock, onFailure, onRecovery },
    });
    return {
      ...{ tokens, sessions, cells, nodes, runs: store.runs },
      projects: shareProjectSettings(projects),
      manifests: shareManifests(manifests),
      audit: shareAudit(store, now),
      onProjectChange: (listener) => void listeners.add(listener),
      close: async () => {
        await nodes.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The tokens of a folder, and the log of what is done to them, wherever they are. */
export interface OpenedTokens {
  readonly tokens: TokenStore;
  readonly audit: Audit;
  close(): Promise<void>;
}

/**
 * Opens the tokens of a folder for a command, which may run beside the collector.
 *
 * @param address - Of the store, if the collector shares one.
 * @param onSessionsFailure - Called if this begins what is shared, and sessions cannot be read.
 */
export async function openTokensOf(
  folder: DataFolder,
  address: string | undefined,
  now: () => Date,
  onSessionsFailure: (error: unknown) => void,
): Promise<OpenedTokens> {
  if (address === undefined) {
    requireOwn(folder);
    const tokens = openTokenFile(folder.tokens);
    return { tokens, audit: openAudit(folder.audit, now), close: () => Promise.resolve() };
  }
  const { openSharedStore } = await loadPostgres();
  const store = openSharedStore(address, folder.storeTimelines);
  try {
    await beginWith(folder, store, onSessionsFailure);
    // A running collector notes what is revoked too, and tells when it cannot.
    const tokens = await openGuardedTokens(store, folder.revokedTokens, () => undefined);
    return { tokens, audit: shareAudit(store, now), close: () => store.close() };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/**
 * Begins what is shared with the files of a folder, unless it was begun before.
 *
 * @throws `DataError` if what is set of the folder is in a store, and this is another one.
 */
async function beginWith(
  folder: DataFolder,
  store: SharedStore,
  onSessionsFailure: (error: unknown) => void,
): Promise<boolean> {
  const hasBegun = await store.begin(() => {
    // The files of a marked folder are old: tokens in them may have been revoked.
    if (existsSync(folder.inStore)) throw emptyStore(folder);
    return readSettings(folder, onSessionsFailure);
  });
  if (hasBegun) await markShared(folder);
  return hasBegun;
}

const emptyStore = ({ path, inStore }: DataFolder): DataError =>
  new DataError(
    `Settings and tokens of ${path} are in a store, and this one has none. Give the store that has ` +
      `them, or restore it. To begin with the files of the folder, as they were before they were taken ` +
      `over, remove ${inStore}: tokens that were revoked since open it again.`,
  );
