import type { FieldValue } from './report.js';

interface Described {
  /** The meaning of the field, for users of the program. */
  readonly description?: string;
}

/** One of a few words. */
export interface EnumField<Value extends string = string> extends Described {
  readonly kind: 'enum';
  readonly values: readonly Value[];
}

/** True or false. */
export interface BooleanField extends Described {
  readonly kind: 'boolean';
}

/**
 * A number, of which only its range is sent. `bounds` 100 and 1000 give `<100` (below 100),
 * `100-1000` (100 and more, below 1000) and `>=1000` (1000 and more).
 */
export interface BucketField extends Described {
  readonly kind: 'bucket';
  readonly bounds: readonly number[];
  /** The label of each range, lowest first. Reports contain these labels. */
  readonly values: readonly string[];
}

/** A version: `major.minor.patch`, with a prerelease only if it is a well-known one. */
export interface SemverField extends Described {
  readonly kind: 'semver';
}

/** A whole number from 0; one above `max` is sent as `max`. */
export interface CountField extends Described {
  readonly kind: 'count';
  readonly max: number;
}

/** The values that a field of an event may have. There is no kind for free text. */
export type Field = EnumField | BooleanField | BucketField | SemverField | CountField;

/** An event in a manifest. */
export interface ManifestEvent {
  readonly description: string;
  readonly fields: Readonly<Record<string, Field>>;
}

/** Events by name. */
export type ManifestEvents = Readonly<Record<string, ManifestEvent>>;

/**
 * Everything that a project's reports may contain. It is generated from the app's code, shown to
 * users, and loaded by the collector as its allow-list.
 */
export interface Manifest {
  /** Increased when a reader of this format must change. */
  readonly manifest_version: 1;
  readonly project: string;
  /** A description of each property of every report, by its path (`info.os`). For people. */
  readonly report: Readonly<Record<string, string>>;
  /** Every event, `startup` and `alive` included. */
  readonly events: ManifestEvents;
  /**
   * The values that facts may have, by their names in `info`. A text that ends in `*` is the start
   * of values (`2.*`). For the collector; it counts all others as `other`.
   *
   * @default every value that looks like one of its fact
   */
  readonly facts?: Readonly<Partial<Record<ListedFact, readonly string[]>>>;
}

/** The facts whose values a manifest may list. */
export type ListedFact =
  'os' | 'version' | 'os_version' | 'arch' | 'runtime' | 'runtime_version' | 'agent';

/** The names that an event may have. */
export const EVENT_NAME = /^[a-z][a-z0-9_-]{0,63}$/;
/** The names that a field may have. */
export const FIELD_NAME = /^[a-z][a-zA-Z0-9_]{0,63}$/;

/** The limits of declarations. */
export const DECLARATION_LIMITS = {
  events: 100,
  fieldsPerEvent: 32,
  valuesPerField: 100,
  /** Values that a manifest lists for a fact. */
  listedValues: 1000,
  valueCharacters: 64,
  descriptionCharacters: 300,
  bounds: 20,
  /** A bucket's bounds are whole numbers from 1 to this. */
  maxBound: 1_000_000_000_000,
  /** The greatest `max` of a count: rarer values could identify a user. */
  maxCount: 1_000_000,
} as const;

/** The labels of a bucketed number. */
export const bucketLabels = (bounds: readonly number[]): string[] => [
  `<${bounds[0]}`,
  ...bounds.slice(1).map((bound, index) => `${bounds[index]}-${bound}`),
  `>=${bounds.at(-1)}`,
];

const SEMVER =
  /^(\d{1,8}\.){2}\d{1,8}(-(alpha|beta|canary|dev|experimental|next|nightly|pre|preview|rc|snapshot)(\.?\d{1,8})?)?$/;

/** Whether a text is a version that contains no custom words. */
export const isCoarseSemver = (text: string): boolean => SEMVER.test(text);

/**
 * Whether a field of a report has a declared value. The client checks each value before it sends
 * it, and the collector each value that it receives. A kind that this release does not know allows
 * no value.
 *
 * @param value - the value in a report: for a bucketed number, its label
 * @example
 * isAllowedValue({ kind: 'enum', values: ['vite', 'webpack'] }, 'vite'); //=> true
 * isAllowedValue(field.bucket(100, 1000), '100-1000'); //=> true
 * isAllowedValue({ kind: 'boolean' }, 'yes'); //=> false
 */
export function isAllowedValue(field: Field, value: unknown): value is FieldValue {
  switch (field.kind) {
    case 'enum':
    case 'bucket':
      return typeof value === 'string' && field.values.includes(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'semver':
      return typeof value === 'string' && isCoarseSemver(value);
    case 'count':
      return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= field.max;
    default:
      return false;
  }
}

/** The field that an event of this name has under this name, if both are declared. */
export function declaredField(
  events: ManifestEvents,
  event: string,
  field: string,
): Field | undefined {
  const fields = Object.hasOwn(events, event) ? events[event]?.fields : undefined;
  return fields && Object.hasOwn(fields, field) ? fields[field] : undefined;
}
