import { ownOnly } from '../own-only.js';
import {
  type BooleanField,
  type BucketField,
  bucketLabels,
  type CountField,
  type EnumField,
  type Field,
  type SemverField,
} from '../wire/manifest.js';
import type { STARTUP_EVENT } from '../wire/report.js';

/**
 * The values that a field may have: a list of words (1–100, each of 1–64 characters),
 * `field.boolean()`, `field.bucket(…)`, `field.semver()` or `field.count({ max })`. Each can have
 * a description: `{ ...field.semver(), description: 'The bundler’s version.' }`, or `{ kind:
 * 'enum', values: ['vite'], description: '…' }`.
 */
export type FieldDeclaration = readonly string[] | Field;

/** An app's declaration of one of its events. */
export interface EventDeclaration {
  /** The meaning of the event, for users of the program: 1–300 characters. */
  readonly description: string;
  /**
   * The fields of the event: at most 32. Names consist of letters, digits and `_`, begin with a
   * lowercase letter and have at most 64 characters.
   *
   * @default {}
   */
  readonly fields?: Readonly<Record<string, FieldDeclaration>>;
  /**
   * Adds the fields that `time()` fills: `durationMs`, a bucketed number, and `outcome`, `ok` or
   * `error`. To change their bounds or add words, declare them in `fields`.
   *
   * @default false
   */
  readonly timed?: boolean;
}

/** An app's events by name. */
export type EventDeclarations = Readonly<Record<string, EventDeclaration>>;

/** The values that `track()` accepts for a field. */
export type FieldInput<Declaration> = Declaration extends readonly (infer Word)[]
  ? Word
  : Declaration extends EnumField<infer Word>
    ? Word
    : Declaration extends { readonly kind: 'boolean' }
      ? boolean
      : Declaration extends { readonly kind: 'semver' }
        ? string
        : number;

interface TimedFields {
  readonly durationMs: BucketField;
  readonly outcome: EnumField<'ok' | 'error'>;
}

type FieldsDeclaredIn<Event> = (Event extends { readonly timed: true } ? TimedFields : unknown) &
  (Event extends { readonly fields?: infer Fields } ? NonNullable<Fields> : unknown);

type Inputs<Fields> = [keyof Fields] extends [never]
  ? { readonly [field: string]: never }
  : { readonly [Name in keyof Fields]?: FieldInput<Fields[Name]> | undefined };

/** The names that `track()` accepts. */
export type EventName<Events> = typeof STARTUP_EVENT | (keyof Events & string);

/** The fields that `track()` accepts with an event. All of them are optional. */
export type EventFields<Events, Name> = Name extends keyof Events
  ? Inputs<FieldsDeclaredIn<Events[Name]>>
  : { readonly [field: string]: never };

/** The names that `time()` accepts: events with `timed: true`, or with a field it can fill. */
export type TimedEventName<Events> = {
  [Name in keyof Events & string]: Events[Name] extends { readonly timed: true }
    ? Name
    : keyof FieldsDeclaredIn<Events[Name]> & keyof TimedFields extends never
      ? never
      : Name;
}[keyof Events & string];

/** Declares the values of a field that a list of words cannot express. */
export const field = {
  /**
   * A field that is true or false.
   *
   * @example
   * defineEvents({
   *   build: { description: 'A build was finished.', fields: { cached: field.boolean() } },
   * });
   */
  boolean: (): BooleanField => ({ kind: 'boolean' }),

  /**
   * A number, of which only its range is sent. The ranges are: below the first bound, from each
   * bound to just below the next, and from the last bound.
   *
   * @param bounds - 1–20 whole numbers from 1 to 10¹², ascending
   * @example
   * field.bucket(100, 1_000, 10_000); // sends '<100', '100-1000', '1000-10000' or '>=10000'
   */
  bucket: (...bounds: readonly number[]): BucketField => ({
    kind: 'bucket',
    bounds,
    values: bucketLabels(bounds),
  }),

  /**
   * A version: `major.minor.patch`, with a prerelease only if it consists of a well-known word
   * (alpha, beta, canary, dev, experimental, next, nightly, pre, preview, rc, snapshot) and at
   * most one number. A leading `v` and build metadata are removed; other texts are not sent.
   *
   * @example
   * headcount.track('build', { viteVersion: '6.0.0-beta.4' });
   */
  semver: (): SemverField => ({ kind: 'semver' }),

  /**
   * A whole number from 0. A number above `max` is sent as `max`, because rare values could
   * identify a user.
   *
   * @param limits - `max`: 1–1 000 000
   * @example
   * field.count({ max: 50 });
   */
  // Read with care: a missing limit is a mistake like others, told by createHeadcount().
  count: (limits: { readonly max: number }): CountField => ({
    kind: 'count',
    max: ownOnly<{ max?: number }>(limits ?? {}).max as number,
  }),
} as const;
