import type { IdSource, Report, ReportInfo } from 'headcount/wire';
import { type ListedFacts, TEXT_FACTS, type TextFact } from '../rules/fact-patterns.js';
import { findCounted } from './find-counted.js';
import { OTHER } from '../rules/limits.js';
import { isSharedId } from '../rules/uid.js';
import type { ReportInput } from './check-report.js';
import { isBuildFarm } from './is-build-farm.js';
import { MAX_VALUE_CHARACTERS } from './limits.js';

/** The facts of a report, cut to the bounds that are counted. */
export interface Facts {
  readonly os: string;
  readonly version: string;
  /** The other given facts by their names in `info`. */
  readonly facts: Readonly<Record<string, string>>;
  readonly ci: boolean;
  readonly idSource: IdSource | null;
  readonly idPersisted: boolean | null;
  /** How many reports the install has dropped so far in all. */
  readonly lostTotal: number | null;
  /** Whether a value was too long and has been cut. */
  readonly cut: boolean;
  /** Whether a fact does not look as it must, and counts as `other`. */
  readonly unexpected: boolean;
  /** Whether there was a field that this release does not know. */
  readonly unknownFields: boolean;
}

/** The value of a fact that is missing or no text. */
export const UNKNOWN = 'unknown';

const BOOLEANS = ['container', 'wsl'] as const;

/**
 * Reads the facts. It never throws, since `info` may hold anything.
 *
 * @param listed - The values that the project's manifest lists.
 */
export function readFacts(
  { anonymous_id, info, ...report }: ReportInput,
  listed: ListedFacts | undefined,
): Facts {
  const given: Partial<Record<string, unknown>> = info;
  const facts: Record<string, string> = {};
  let cut = false;
  let unexpected = false;
  const read = (name: TextFact): string | undefined => {
    const text = readText(given[name]);
    if (text === undefined) return undefined;
    if (text.cut) cut = true;
    const counted = findCounted(name, text.value, listed);
    if (counted === undefined) unexpected = true;
    // One character may become several.
    return counted?.slice(0, MAX_VALUE_CHARACTERS) ?? OTHER;
  };
  const os = read('os') ?? UNKNOWN;
  const version = read('version') ?? UNKNOWN;
  for (const name of TEXT_FACTS) {
    if (name === 'os' || name === 'version') continue;
    const text = read(name);
    if (text !== undefined) facts[name] = text;
  }
  for (const name of BOOLEANS) {
    if (typeof given[name] === 'boolean') facts[name] = String(given[name]);
  }
  const lost: unknown = 'lost_total' in report ? report.lost_total : undefined;
  return {
    os,
    version,
    facts,
    cut,
    unexpected,
    ci: isSharedId(anonymous_id) || given['id_source'] === 'ci' || isBuildFarm(given['ci']),
    idSource: isIdSource(given['id_source']) ? given['id_source'] : null,
    idPersisted: typeof given['id_persisted'] === 'boolean' ? given['id_persisted'] : null,
    lostTotal: Number.isSafeInteger(lost) && Number(lost) >= 0 ? Number(lost) : null,
    unknownFields: hasUnknown(report, REPORT_FIELDS) || hasUnknown(info, INFO_FIELDS),
  };
}

/** A field that is null is a field that is not there. */
function hasUnknown(value: object, known: ReadonlySet<string>): boolean {
  return Object.entries(value).some(([key, of]) => of !== null && !known.has(key));
}

/** The fields of a report that this release knows. */
const REPORT_FIELDS = new Set(
  Object.keys({
    report_id: true,
    anonymous_id: true,
    owner: true,
    timestamp: true,
    project: true,
    event: true,
    lost_total: true,
    info: true,
    fields: true,
  } satisfies Record<keyof Report, true>),
);

/** The facts in `info` that this release knows. */
export const INFO_FIELDS: ReadonlySet<string> = new Set(
  Object.keys({
    os: true,
    os_version: true,
    arch: true,
    version: true,
    runtime: true,
    runtime_version: true,
    id_source: true,
    id_persisted: true,
    ci: true,
    container: true,
    wsl: true,
    agent: true,
    channel: true,
    level: true,
  } satisfies Record<keyof ReportInfo, true>),
);

const ID_SOURCES = new Set<unknown>(
  Object.keys({ machine: true, time: true, copied: true, given: true, ci: true } satisfies Record<
    IdSource,
    true
  >),
);

/** Whether a value is a known source of IDs. */
function isIdSource(value: unknown): value is IdSource {
  return ID_SOURCES.has(value);
}

/** Reads a value as text, trimmed, cut and in Unicode's form NFC; `undefined` if it is no text or empty. */
export function readText(value: unknown): { value: string; cut: boolean } | undefined {
  if (typeof value !== 'string') return undefined;
  // One character may be written in several ways.
  const trimmed = value.normalize('NFC').trim();
  if (trimmed === '') return undefined;
  const cut = trimmed.length > MAX_VALUE_CHARACTERS;
  return { value: trimmed.slice(0, MAX_VALUE_CHARACTERS).toWellFormed(), cut };
}
