/** What can be exported. */
export const EXPORTS = ['users', 'days', 'events', 'rollups', 'reports', 'quality'] as const;

/** One of {@link EXPORTS}. */
export type ExportName = (typeof EXPORTS)[number];

/** A row of an export. */
export type ExportRow = Readonly<Record<string, string | number | boolean | null>>;

/** A part of an export. */
export interface ExportQuestion {
  readonly what: ExportName;
  /** One project, or all when `null`. */
  readonly project: string | null;
  /** Where the part before has ended; `null` for the first. */
  readonly after: ExportCursor | null;
  /** Rows of the store that are read. */
  readonly limit: number;
}

/** A place in an export. Only the store that gave it understands it. */
export type ExportCursor = readonly (string | number | Uint8Array)[];

export interface ExportPage {
  readonly rows: readonly ExportRow[];
  /** Where the next part begins; `null` if this was the last. */
  readonly next: ExportCursor | null;
}

/** The members of the rows of each export, in their order. */
export const EXPORT_COLUMNS: Readonly<Record<ExportName, readonly string[]>> = {
  users: [
    ...['project', 'uid', 'first_day', 'last_day', 'first_seen', 'last_seen', 'os', 'version'],
    ...['reports', 'lost', 'ci', 'id_source', 'id_persisted'],
  ],
  days: [
    ...['project', 'uid', 'date', 'ci', 'os', 'version', 'certainty', 'os_version', 'arch'],
    ...['runtime', 'runtime_version', 'container', 'wsl', 'agent', 'channel', 'level', 'country'],
  ],
  events: ['project', 'uid', 'date', 'dimension', 'value'],
  rollups: ['project', 'dimension', 'value', 'date', 'ci', 'gap', 'people'],
  reports: ['project', 'date', 'ci', 'reports'],
  quality: ['project', 'date', 'kind', 'reports'],
};
