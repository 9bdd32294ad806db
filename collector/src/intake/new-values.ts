import type { ManifestEvents } from 'headcount/wire';
import type { ReportEntry } from '../journal/journal-entry.js';
import type { Mark } from '../rules/counted-report.js';
import { dayOf, DEFAULT_ZONE } from '../rules/day.js';
import { EVENT_DIMENSION, UNKNOWN } from '../rules/dimensions.js';
import { isWellKnown, TEXT_FACTS } from '../rules/fact-patterns.js';
import { OTHER } from '../rules/limits.js';
import { createKnownValues, type DimensionValue, type KnownValues } from './known-values.js';

/** Bounds how many values that a project does not know a client brings: few of the last places. */
export interface NewValues {
  /** Makes sure that the values of the reports' projects are known, if the store tells them. */
  prepare(entries: readonly ReportEntry[]): Promise<void>;
  /**
   * Gives the report as it is to be counted: new values beyond the client's share of the day are
   * `other`, and it is marked. The project must be prepared; one that the store has never told of is
   * not bounded, since what became `other` stays so.
   *
   * @param events - The declared events, whose declared values are not new to anybody.
   */
  limit(entry: ReportEntry, client: string, events: ManifestEvents | undefined): ReportEntry;
}

export interface NewValuesParts {
  /** How many a client may bring to a project in a day; 0 is no limit. */
  readonly perDay: number;
  /** The values of a project that have a place in the store; `undefined` while it does not answer. */
  readonly valuesOf: (project: string) => Promise<readonly DimensionValue[] | undefined>;
  /** A clock that never goes back, in milliseconds. */
  readonly nowMs: () => number;
}

/** A project's values are read again after so long: some give their places up every day. */
const REFRESH_MS = 5 * 60_000;

/** Values in memory at most, about 15 MB. The projects that were used longest ago go first. */
const MAX_VALUES = 150_000;

/** New values that a client may bring in a day to what is nearly full. */
const SCARCE_PER_DAY = 1;

/** Clients of projects that are remembered on a day. */
const MAX_SHARES = 100_000;

/** Creates the bound of new values. */
export function createNewValues({ perDay, valuesOf, nowMs }: NewValuesParts): NewValues {
  const projects = new Map<string, KnownValues>();
  const reading = new Map<string, Promise<void>>();
  const shares = new Map<string, number>();
  let today = -1;

  const read = async (project: string): Promise<void> => {
    const readAtMs = nowMs();
    const values = await valuesOf(project);
    if (values === undefined) return;
    const earlier = projects.get(project)?.admitted ?? [];
    const known = createKnownValues([...values, ...earlier], readAtMs);
    projects.delete(project);
    projects.set(project, known);
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
  const countUse = (key: string): void => {
    const used = shares.get(key) ?? 0;
    if (used === 0 && shares.size >= MAX_SHARES) {
      const [oldest] = shares.keys();
      if (oldest !== undefined) shares.delete(oldest);
    }
    shares.set(key, used + 1);
  };
  /** Takes one of the client's share of the day; returns whether there was one. */
  const takeShare = (share: string, scarce: string | undefined, day: number): boolean => {
    if (day !== today) shares.clear();
    today = day;
    if ((shares.get(share) ?? 0) >= perDay) return false;
    if (scarce !== undefined) {
      const last = `${share}\n${scarce}`;
      if ((shares.get(last) ?? 0) >= SCARCE_PER_DAY) return false;
      countUse(last);
    }
    countUse(share);
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
      const admit = (dimension: string, value: string): boolean => {
        if (known.has({ dimension, value })) return true;
        const share = `${client} ${entry.project}`;
        if (!takeShare(share, known.scarce(dimension), day)) return false;
        known.admit({ dimension, value });
        return true;
      };
      return limitEntry(entry, events, { admit, isKnown: (name) => known.hasDimension(name) });
    },
  };
}

/** Drops the projects that were read longest ago, but never the last. */
function makeRoom(projects: Map<string, KnownValues>): void {
  let values = 0;
  for (const { size } of projects.values()) values += size;
  for (const [project, { size }] of projects) {
    if (values <= MAX_VALUES || projects.size === 1) return;
    projects.delete(project);
    values -= size;
  }
}

interface Admission {
  readonly admit: (dimension: string, value: string) => boolean;
  readonly isKnown: (dimension: string) => boolean;
}

function limitEntry(
  entry: ReportEntry,
  events: ManifestEvents | undefined,
  admission: Admission,
): ReportEntry {
  const { admit } = admission;
  const facts: Record<string, string> = { ...entry.facts };
  const { os, version } = entry;
  const given: Readonly<Record<string, string>> = { ...facts, os, version };
  const renamed: Record<string, string> = {};
  for (const name of TEXT_FACTS) {
    const value = given[name];
    if (value === undefined || value === UNKNOWN || value === OTHER) continue;
    if (!isWellKnown(name, value) && !admit(name, value)) renamed[name] = OTHER;
  }
  const { event, fields, isCut } = limitEvent(entry, events, admission);
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

/**
 * An event beyond the limit goes with its fields; a field's value becomes `other`, or is left out
 * if the project does not know the field: `other` too would take one of the places of dimensions.
 */
function limitEvent(
  { event, fields }: ReportEntry,
  events: ManifestEvents | undefined,
  { admit, isKnown }: Admission,
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
    const dimension = `field:${event}.${name}`;
    const isKept = isDeclared || admit(dimension, String(value));
    if (!isKept) isCut = true;
    if (isKept || isKnown(dimension)) kept.push([name, isKept ? value : OTHER]);
  }
  return { event, fields: isCut ? Object.fromEntries(kept) : fields, isCut };
}
