import type { ManifestEvents } from 'headcount/wire';
import type { ReportEntry } from '../journal/journal-entry.js';
import type { Mark } from '../rules/counted-report.js';
import { dayOf, DEFAULT_ZONE } from '../rules/day.js';
import { EVENT_DIMENSION, UNKNOWN } from '../rules/dimensions.js';
import { isWellKnown, TEXT_FACTS } from '../rules/fact-patterns.js';
import { OTHER } from '../rules/limits.js';

/** A value of a dimension. */
interface DimensionValue {
  readonly dimension: string;
  readonly value: string;
}

/** Bounds how many values that a project does not know a client brings. */
export interface NewValues {
  /** Makes sure that the values of the reports' projects are known. */
  prepare(entries: readonly ReportEntry[]): Promise<void>;
  /**
   * Gives the report as it is to be counted: new values beyond the client's share of the day are
   * `other`, and it is marked. The project must be prepared.
   *
   * @param events - The declared events, whose declared values are not new to anybody.
   */
  limit(entry: ReportEntry, client: string, events: ManifestEvents | undefined): ReportEntry;
}

export interface NewValuesParts {
  /** How many a client may bring to a project in a day; 0 is no limit. */
  readonly perDay: number;
  /** The values of a project that have a place in the store. */
  readonly valuesOf: (project: string) => Promise<readonly DimensionValue[]>;
  /** A clock that never goes back, in milliseconds. */
  readonly nowMs: () => number;
}

/** A project's values are read again after so long: some give their places up every day. */
const REFRESH_MS = 5 * 60_000;

/** Values in memory at most, about 15 MB. The projects that were used longest ago go first. */
const MAX_VALUES = 150_000;

/** Clients of projects that are remembered on a day. */
const MAX_SHARES = 100_000;

interface KnownProject {
  readonly readAtMs: number;
  readonly stored: ReadonlySet<string>;
  /** What was admitted since: it may not be counted yet. */
  readonly admitted: Set<string>;
  /** What was admitted between the last reading and the one before. */
  readonly earlier: ReadonlySet<string>;
}

const keyOf = (dimension: string, value: string): string => `${dimension}\n${value}`;

/** Creates the bound of new values. */
export function createNewValues({ perDay, valuesOf, nowMs }: NewValuesParts): NewValues {
  const projects = new Map<string, KnownProject>();
  const reading = new Map<string, Promise<void>>();
  const shares = new Map<string, number>();
  let today = -1;

  const read = async (project: string): Promise<void> => {
    const readAtMs = nowMs();
    const values = await valuesOf(project);
    const stored = new Set(values.map(({ dimension, value }) => keyOf(dimension, value)));
    const earlier = projects.get(project)?.admitted ?? new Set();
    projects.delete(project);
    projects.set(project, { readAtMs, stored, admitted: new Set(), earlier });
    makeRoom(projects);
  };
  const ready = (project: string): Promise<void> | undefined => {
    const known = projects.get(project);
    if (known !== undefined && nowMs() - known.readAtMs < REFRESH_MS) return undefined;
    let pending = reading.get(project);
    if (pending === undefined) {
      pending = read(project).finally(() => reading.delete(project));
      reading.set(project, pending);
    }
    return pending;
  };
  /** Takes one of the client's share of the day; returns whether there was one. */
  const takeShare = (client: string, project: string, day: number): boolean => {
    if (day !== today) shares.clear();
    today = day;
    const key = `${client} ${project}`;
    const used = shares.get(key) ?? 0;
    if (used >= perDay) return false;
    if (used === 0 && shares.size >= MAX_SHARES) {
      const [oldest] = shares.keys();
      if (oldest !== undefined) shares.delete(oldest);
    }
    shares.set(key, used + 1);
    return true;
  };

  return {
    prepare: async (entries) => {
      if (perDay === 0) return;
      for (const project of new Set(entries.map((entry) => entry.project))) await ready(project);
    },
    limit: (entry, client, events) => {
      const known = projects.get(entry.project);
      if (perDay === 0 || known === undefined) return entry;
      const day = dayOf(entry.receivedAt, DEFAULT_ZONE);
      return limitEntry(entry, events, (dimension, value) => {
        const key = keyOf(dimension, value);
        if (known.stored.has(key) || known.admitted.has(key) || known.earlier.has(key)) return true;
        if (!takeShare(client, entry.project, day)) return false;
        known.admitted.add(key);
        return true;
      });
    },
  };
}

/** Drops the projects that were read longest ago, but never the last. */
function makeRoom(projects: Map<string, KnownProject>): void {
  let values = 0;
  for (const { stored } of projects.values()) values += stored.size;
  for (const [project, { stored }] of projects) {
    if (values <= MAX_VALUES || projects.size === 1) return;
    projects.delete(project);
    values -= stored.size;
  }
}

type Admit = (dimension: string, value: string) => boolean;

function limitEntry(
  entry: ReportEntry,
  events: ManifestEvents | undefined,
  admit: Admit,
): ReportEntry {
  const facts: Record<string, string> = { ...entry.facts };
  const { os, version } = entry;
  const given: Readonly<Record<string, string>> = { ...facts, os, version };
  const renamed: Record<string, string> = {};
  for (const name of TEXT_FACTS) {
    const value = given[name];
    if (value === undefined || value === UNKNOWN || value === OTHER) continue;
    if (!isWellKnown(name, value) && !admit(name, value)) renamed[name] = OTHER;
  }
  const { event, fields, isCut } = limitEvent(entry, events, admit);
  if (Object.keys(renamed).length === 0 && !isCut) return entry;
  const { os: newOs = os, version: newVersion = version, ...others } = renamed;
  const marks: Mark[] = [...entry.marks, 'values_over_limit'];
  return {
    ...entry,
    os: newOs,
    version: newVersion,
    facts: { ...facts, ...others },
    event,
    fields,
    marks,
  };
}

/** An event beyond the limit goes with its fields; a field's value becomes `other`. */
function limitEvent(
  { event, fields }: ReportEntry,
  events: ManifestEvents | undefined,
  admit: Admit,
): Pick<ReportEntry, 'event' | 'fields'> & { isCut: boolean } {
  if (event === null) return { event, fields, isCut: false };
  if (events === undefined && !admit(EVENT_DIMENSION, event)) {
    return { event: OTHER, fields: {}, isCut: true };
  }
  const kept: [string, ReportEntry['fields'][string]][] = [];
  let isCut = false;
  for (const [name, value] of Object.entries(fields)) {
    const kind = events?.[event]?.fields[name]?.kind;
    const isDeclared = kind === 'enum' || kind === 'boolean' || kind === 'bucket';
    const isKept = isDeclared || admit(`field:${event}.${name}`, String(value));
    if (!isKept) isCut = true;
    kept.push([name, isKept ? value : OTHER]);
  }
  return { event, fields: isCut ? Object.fromEntries(kept) : fields, isCut };
}
