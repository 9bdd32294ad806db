import type { SettingsAct } from './settings-acts.js';

/** `/p/<project>/settings`: what the administrator sets, for the project and the collector. */
export interface SettingsContent {
  readonly page: 'settings';
  /** What was done just now. */
  readonly done: SettingsAct | null;
  readonly failure: SettingsFailure | null;
  /** A secret that was made just now, and is shown this once. */
  readonly secret: MadeSecret | null;
  readonly preview: CleaningPreview | null;
  /** `null` if the caller has made their own token void, and may see nothing more. */
  readonly parts: SettingsParts | null;
}

/** Why nothing was changed. */
export interface SettingsFailure {
  readonly act: SettingsAct;
  /** The field that it is about; `null`: the form. */
  readonly field: string | null;
  /** As in the API's problems, or one of the forms alone. */
  readonly code: string;
  /** What the collector says, in English. */
  readonly detail: string;
  /** Where in the text of the field, as a JSON pointer; empty: all of it. */
  readonly at: string;
  /** What was typed, without the form key. */
  readonly typed: Readonly<Record<string, string>>;
}

export interface MadeSecret {
  readonly kind: 'token' | 'write-key';
  readonly text: string;
  /** Of a token. */
  readonly name: string;
}

export interface SettingsParts {
  readonly project: SettingsOfProject;
  readonly tokens: readonly SettingsToken[];
  /** The token that the URL names. */
  readonly token: (SettingsToken & { readonly sessions: readonly TokenSession[] }) | null;
  readonly notes: readonly SettingsNote[];
  /** The annotation that the URL names. */
  readonly note: SettingsNote | null;
  readonly cleanings: readonly SettingsCleaning[];
  readonly retention: SettingsRetention;
  /** The manifest as JSON; `null` without one. */
  readonly manifest: string | null;
  readonly audit: SettingsAudit;
  /** Groups of fewer people are not public. */
  readonly k: number;
}

export const STATUSES = ['open', 'closed'] as const;
export const VISIBILITIES = ['none', 'summary', 'detailed'] as const;
export const TOKEN_LEVELS = ['restricted', 'developer', 'administrator'] as const;
export const NOTE_KINDS = ['note', 'incident'] as const;

export interface SettingsOfProject {
  readonly status: (typeof STATUSES)[number];
  readonly timezone: string;
  readonly visibility: (typeof VISIBILITIES)[number];
  readonly hasBadge: boolean;
  readonly coverage: string;
  /** A range of versions; empty without one. */
  readonly ended: string;
  /** Ranges by runtime and by system, one a line. */
  readonly endedRuntimes: string;
  readonly endedSystems: string;
  readonly isInvented: boolean;
  readonly hasWriteKey: boolean;
  readonly hasManifest: boolean;
}

export interface SettingsToken {
  readonly id: string;
  readonly name: string;
  readonly level: (typeof TOKEN_LEVELS)[number];
  /** The one project that it opens; `null`: all of them. */
  readonly project: string | null;
  readonly status: 'valid' | 'expired' | 'replaced';
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
}

export interface TokenSession {
  readonly id: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly expiresAt: string;
}

export interface SettingsNote {
  readonly id: string;
  readonly date: string;
  readonly to: string;
  readonly kind: (typeof NOTE_KINDS)[number];
  readonly text: string;
  readonly isPublic: boolean;
}

/** What is taken out of the answers. */
export interface Cleaned {
  readonly from: string | null;
  readonly to: string | null;
  readonly isNew: boolean;
  readonly where: { readonly dimension: string; readonly value: string } | null;
  readonly people: number;
  readonly buildFarms: number;
  readonly reports: number;
  readonly firstDate: string | null;
  readonly lastDate: string | null;
}

export interface CleaningPreview extends Cleaned {
  readonly systems: readonly ValuePeople[];
  readonly versions: readonly ValuePeople[];
  /** The fields of the form that it was asked by. */
  readonly typed: Readonly<Record<string, string>>;
}

export interface ValuePeople {
  readonly value: string;
  readonly people: number;
}

export interface SettingsCleaning extends Cleaned {
  readonly id: string;
  readonly state: 'running' | 'done' | 'undoing' | 'undone' | 'gone';
  /** How much of the work that runs is done, from 0 to 1. */
  readonly progress: number;
  readonly cleanedAt: string;
  readonly undoUntil: string;
  /** Later cleanings that must be undone first. */
  readonly coveredBy: readonly string[];
}

export interface SettingsRetention {
  readonly classes: readonly KeptClass[];
  readonly running: { readonly isDry: boolean; readonly share: number } | null;
  readonly lastRun: RetentionRun | null;
  readonly lastDryRun: RetentionRun | null;
  readonly lastError: string | null;
}

export interface KeptClass {
  readonly name: string;
  /** In English. */
  readonly what: string;
  /** `400d`, `forever`, or a sentence in English. */
  readonly kept: string;
  readonly fallback: string | null;
  readonly option: string | null;
}

export interface RetentionRun {
  readonly endedAt: string;
  readonly dropped: readonly {
    readonly name: string;
    readonly rows: number;
    readonly bytes: number;
  }[];
}

export interface SettingsAudit {
  readonly entries: readonly AuditEntry[];
  /** `before` of the entries before these; `null`: there are none. */
  readonly next: string | null;
  readonly isFirst: boolean;
}

export interface AuditEntry {
  readonly at: string;
  readonly who: string;
  readonly action: string;
  readonly target: string;
  readonly outcome: 'done' | 'failed';
  /** `level: developer, project: acme-cli` */
  readonly details: string;
}
