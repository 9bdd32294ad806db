import type { IdSource } from 'headcount/wire';
import { INFO_FIELDS, isIdSource, REPORT_FIELDS } from './known-fields.js';
import { readText } from './read-text.js';
import type { ReportInput } from './report-input.js';

/** What a report says about where it came from, in the bounds that are counted. */
export interface Facts {
  readonly os: string;
  readonly version: string;
  /** The other facts that were given, by their names in `info`. */
  readonly facts: Readonly<Record<string, string>>;
  readonly ci: boolean;
  readonly idSource: IdSource | null;
  readonly idPersisted: boolean | null;
  /** How many reports the install has had to drop so far, all told. */
  readonly lostTotal: number | null;
  /** Whether a value was too long and has been cut. */
  readonly cut: boolean;
  /** Whether there was a field that this release does not know. */
  readonly unknownFields: boolean;
}

/** Stands for a value that is missing or no text. */
export const UNKNOWN = 'unknown';

const TEXTS = ['os_version', 'arch', 'runtime', 'runtime_version', 'agent'] as const;
const BOOLEANS = ['container', 'wsl'] as const;

/** Reads the facts; never fails, since `info` may hold anything. */
export function readFacts({ anonymous_id, info, ...report }: ReportInput): Facts {
  const given: Partial<Record<string, unknown>> = info;
  const facts: Record<string, string> = {};
  let cut = false;
  const read = (name: string): string | undefined => {
    const text = readText(given[name]);
    if (text?.cut === true) cut = true;
    return text?.value;
  };
  const os = read('os') ?? UNKNOWN;
  const version = read('version') ?? UNKNOWN;
  for (const name of TEXTS) {
    const text = read(name);
    if (text !== undefined) facts[name] = text;
  }
  for (const name of BOOLEANS) {
    if (typeof given[name] === 'boolean') facts[name] = String(given[name]);
  }
  const ci = given['ci'];
  const lost: unknown = 'lost_total' in report ? report.lost_total : undefined;
  return {
    os,
    version,
    facts,
    cut,
    ci:
      anonymous_id.startsWith('ci-') ||
      given['id_source'] === 'ci' ||
      (ci !== undefined && ci !== null),
    idSource: isIdSource(given['id_source']) ? given['id_source'] : null,
    idPersisted: typeof given['id_persisted'] === 'boolean' ? given['id_persisted'] : null,
    lostTotal: Number.isSafeInteger(lost) && Number(lost) >= 0 ? Number(lost) : null,
    unknownFields: hasUnknown(report, REPORT_FIELDS) || hasUnknown(info, INFO_FIELDS),
  };
}

function hasUnknown(value: object, known: ReadonlySet<string>): boolean {
  return Object.keys(value).some((key) => !known.has(key));
}
