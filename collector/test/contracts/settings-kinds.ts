import { createHash } from 'node:crypto';
import type { Manifest } from 'headcount/wire';
import type { ProjectSettings } from '../../src/access/project-settings.js';
import type { StoredSession } from '../../src/access/session-file.js';
import type { StoredToken } from '../../src/access/token-file.js';
import type { OpenedSettings } from '../../src/open-settings.js';
import type { SharedRecords } from '../../src/store/shared-store.js';

const AT = '2026-11-22T20:00:00.000Z';

/** Text that some storages cut, refuse or change. */
export const HOSTILE = '\0 \uD800 \u202E"\\\u2028 __proto__ \u{1F4A5}';

/** A kind of settings, as a contract changes it. */
export interface SettingsKind {
  readonly kind: string;
  /** Names that it can have, some of them hostile. */
  readonly names: readonly string[];
  /** Whether a change that cannot be written is in force all the same, in a folder. */
  readonly outlivesDisk?: true;
  readonly all: (settings: OpenedSettings) => Record<string, unknown>;
  /** @param text - Makes one value another. */
  readonly value: (name: string, text: string) => unknown;
  readonly put: (settings: OpenedSettings, name: string, text: string) => Promise<void>;
  readonly remove: (settings: OpenedSettings, name: string) => Promise<void>;
}

const HOSTILE_NAMES = ['a\0b', '__proto__', '../../x', '"\\', '\u{1F4A5}'.repeat(107), ' '];

const ids = Array.from({ length: 6 }, (_, n) => `id${n}`);
const hashes = ids.map((id) => createHash('sha256').update(id).digest('hex'));

const objectOf = (all: ReadonlyMap<string, unknown> | undefined): Record<string, unknown> =>
  Object.fromEntries(all ?? []);

/** A kind of records, which are changed by an edit. */
function ofRecords<Value>(
  kind: string,
  names: readonly string[],
  recordsOf: (settings: OpenedSettings) => SharedRecords<Value>,
  value: (name: string, text: string) => Value,
): SettingsKind {
  return {
    ...{ kind, names, value },
    all: (settings) => objectOf(recordsOf(settings).read()),
    put: (settings, name, text) =>
      recordsOf(settings).change((all) => void all.set(name, value(name, text))),
    remove: (settings, name) => recordsOf(settings).change((all) => void all.delete(name)),
  };
}

const token = (id: string, name: string): StoredToken => ({
  ...{ id, name, level: 'developer', project: HOSTILE, created_at: AT },
  ...{ expires_at: null, last_used_at: null, sha256: 'ab'.repeat(32) },
});

const session = (sha256: string, text: string): StoredSession => ({
  ...{ id: 'id', sha256, token: text, token_sha256: 'cd'.repeat(32) },
  ...{ created_at: AT, expires_at: AT, last_seen_at: AT },
});

const project = (_: string, coverage: string): ProjectSettings => ({
  ...{ status: 'closed', created_at: AT, coverage },
});

const manifest = (name: string, description: string): Manifest => ({
  ...{ manifest_version: 1, project: name, report: { os: description.slice(0, 100) }, events: {} },
});

/** Each kind of settings that changes by names. */
export const SETTINGS_KINDS: readonly SettingsKind[] = [
  ofRecords('tokens', ids, ({ tokens }) => tokens, token),
  {
    ...ofRecords('sessions', hashes, ({ sessions }) => sessions, session),
    outlivesDisk: true,
  },
  {
    ...{ kind: 'settings of projects', names: HOSTILE_NAMES, value: project },
    all: ({ projects }) => objectOf(projects.all),
    put: ({ projects }, name, text) => projects.save(name, project(name, text)),
    remove: ({ projects }, name) => projects.remove(name),
  },
  {
    ...{ kind: 'manifests', names: HOSTILE_NAMES, value: manifest },
    all: ({ manifests }) => objectOf(manifests.all),
    put: ({ manifests }, name, text) => manifests.save(manifest(name, text)),
    remove: ({ manifests }, name) => manifests.remove(name),
  },
];
