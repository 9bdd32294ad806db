import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { readAuditFile } from './access/audit.js';
import { openManifestFiles } from './access/manifest-files.js';
import {
  EMPTY_SETTINGS,
  openProjectSettings,
  writeProjectSettings,
} from './access/project-settings.js';
import { openSessionFile, readSessions, type StoredSession } from './access/session-file.js';
import { SHARED_KINDS } from './access/shared-kinds.js';
import { openTokenFile } from './access/token-file.js';
import type { DataFolder } from './data-folder.js';
import { makeFolders } from './make-folders.js';
import { openCellsFiles, readCellsFolder } from './stats/cells-files.js';
import { lastCellsOf, toSharedCells } from './stats/shared-cells.js';
import { MoveError } from './store/moving/move-side.js';
import type { SharedBeginning, SharedKind } from './store/shared-store.js';
import { writeDurably } from './write-durably.js';

/** The files and folders of a data folder that a store has in their place. */
export const settingsPaths = (folder: DataFolder): readonly string[] => [
  ...[folder.tokens, folder.sessions, folder.projects, folder.manifests],
  ...[folder.audit, folder.publicCells],
];

/** Those in which something is. */
export const settingsFiles = (folder: DataFolder): readonly string[] =>
  settingsPaths(folder).filter((path) => {
    if (!existsSync(path)) return false;
    if (statSync(path).isDirectory()) return readdirSync(path).length > 0;
    return !['', EMPTY_SETTINGS].includes(readFileSync(path, 'utf8').trim());
  });

/**
 * Reads what is set of a folder, or was done and shown.
 *
 * @param onSessionsFailure - Called if sessions cannot be read: then they have ended.
 */
export function readSettings(
  folder: DataFolder,
  onSessionsFailure: (error: unknown) => void,
): SharedBeginning {
  const { tokens, sessions, projects, manifests } = SHARED_KINDS;
  return {
    documents: {
      [tokens.kind]: openTokenFile(folder.tokens).read(),
      [sessions.kind]: byHash(readOrNone(folder, onSessionsFailure)),
      [projects.kind]: openProjectSettings(folder.projects).all,
      [manifests.kind]: openManifestFiles(folder.manifests).all,
      ...toSharedCells(readCellsFolder(folder.publicCells)),
    },
    log: readAuditFile(folder.audit),
  };
}

/** Notes that the files of a folder are old: a store has what is set. */
export const markShared = ({ inStore }: DataFolder): Promise<void> =>
  writeDurably(inStore, 'Settings and tokens of this folder are in its store.\n');

/**
 * Writes what a store has of settings into a folder that has none.
 *
 * @throws `MoveError` if this release cannot read all of it.
 */
export async function writeSettings(
  folder: DataFolder,
  settings: SharedBeginning,
  nowMs: number,
): Promise<void> {
  const tokens = documentsOf(settings, SHARED_KINDS.tokens);
  const sessions = documentsOf(settings, SHARED_KINDS.sessions);
  const projects = documentsOf(settings, SHARED_KINDS.projects);
  const manifests = documentsOf(settings, SHARED_KINDS.manifests);
  // A file in which no tokens are says that all were revoked.
  if (tokens) await openTokenFile(folder.tokens).change((all) => fill(all, tokens));
  if (sessions)
    await openSessionFile(folder.sessions, rethrow).change((all) => fill(all, sessions));
  if (projects) await writeProjectSettings(folder.projects, projects);
  makeFolders(folder.manifests, 0o700);
  const files = openManifestFiles(folder.manifests);
  for (const manifest of manifests?.values() ?? []) await files.save(manifest);
  const cells = await openCellsFiles(folder.publicCells, nowMs);
  for (const kept of lastCellsOf(settings)) await cells.write(kept);
  await writeDurably(folder.audit, settings.log.map((one) => `${JSON.stringify(one)}\n`).join(''));
}

function documentsOf<Value>(
  { documents }: SharedBeginning,
  { kind, isValue }: SharedKind<Value>,
): ReadonlyMap<string, Value> | undefined {
  const found = documents[kind];
  for (const [name, value] of found ?? []) {
    if (isValue(value)) continue;
    throw new MoveError(
      `The store has ${kind} of ${name} that this release cannot read. Nothing was changed. Move with ` +
        'the release that wrote it.',
    );
  }
  return found as ReadonlyMap<string, Value> | undefined; // each was looked at
}

function fill<Value>(all: Map<string, Value>, values: ReadonlyMap<string, Value>): void {
  for (const [name, value] of values) all.set(name, value);
}

function rethrow(error: unknown): never {
  throw error;
}

function readOrNone(folder: DataFolder, onSessionsFailure: (error: unknown) => void) {
  try {
    return readSessions(folder.sessions);
  } catch (error) {
    onSessionsFailure(error); // everybody has to sign in again
    return [];
  }
}

const byHash = (sessions: readonly StoredSession[]): ReadonlyMap<string, StoredSession> =>
  new Map(sessions.map((session) => [session.sha256, session]));
