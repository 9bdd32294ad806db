import type { IdSource } from 'headcount/wire';
import { INFO_FIELDS, isIdSource, REPORT_FIELDS } from './known-fields.js';
import { MAX_VALUE_CHARACTERS } from './limits.js';
import type { ReportInput } from './report-input.js';

/** What a report says about where it came from, in the bounds that are counted. */
export interface Facts {
  readonly os: string;
  readonly version: string;
  readonly ci: boolean;
  readonly idSource: IdSource | null;
  readonly idPersisted: boolean | null;
  /** Whether a value was too long and has been cut. */
  readonly cut: boolean;
  /** Whether there was a field that this release does not know. */
  readonly unknownFields: boolean;
}

/** Stands for a value that is missing or no text. */
export const UNKNOWN = 'unknown';

/** Reads the facts; never fails, since `info` may hold anything. */
export function readFacts({ anonymous_id, info, ...report }: ReportInput): Facts {
  const facts: Partial<Record<string, unknown>> = info;
  const os = readValue(facts['os']);
  const version = readValue(facts['version']);
  const ci = facts['ci'];
  return {
    os: os.value,
    version: version.value,
    cut: os.cut || version.cut,
    ci: anonymous_id.startsWith('ci-') || (ci !== undefined && ci !== null),
    idSource: isIdSource(facts['id_source']) ? facts['id_source'] : null,
    idPersisted: typeof facts['id_persisted'] === 'boolean' ? facts['id_persisted'] : null,
    unknownFields: hasUnknown(report, REPORT_FIELDS) || hasUnknown(info, INFO_FIELDS),
  };
}

function readValue(value: unknown): { value: string; cut: boolean } {
  if (typeof value !== 'string') return { value: UNKNOWN, cut: false };
  const trimmed = value.trim();
  if (trimmed === '') return { value: UNKNOWN, cut: false };
  const cut = trimmed.length > MAX_VALUE_CHARACTERS;
  return { value: trimmed.slice(0, MAX_VALUE_CHARACTERS).toWellFormed(), cut };
}

function hasUnknown(value: object, known: ReadonlySet<string>): boolean {
  return Object.keys(value).some((key) => !known.has(key));
}
