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
 * What a field may hold: a list of words (1–100, each of 1–64 characters), `boolean()`,
 * `bucket(…)`, `semver()`, `count({ max })`. Any of them may have a description: `{ ...semver(),
 * description: 'The bundler’s version.' }`, `{ kind: 'enum', values: ['vite'], description: '…' }`.
 */
export type FieldDeclaration = readonly string[] | Field;

/** What an app says of one of its events. */
export interface EventDeclaration {
  /** What the event means, for the people it is reported from: 1–300 characters. */
  readonly description: string;
  /**
   * What the event says beside that it happened: at most 32 fields. Names are of letters, digits
   * and `_`, begin with a small letter and have at most 64 characters.
   *
   * @default {}
   */
  readonly fields?: Readonly<Record<string, FieldDeclaration>>;
  /**
   * Adds the fields that `time()` fills: `durationMs`, a bucketed number, and `outcome`, `ok` or
   * `error`. Either may be declared among `fields` with bounds or further words of one's own.
   *
   * @default false
   */
  readonly timed?: boolean;
}

/** An app's events by name. */
export type EventDeclarations = Readonly<Record<string, EventDeclaration>>;

/** What `track()` takes for a field. */
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

/** The names that `track()` takes. */
export type EventName<Events> = typeof STARTUP_EVENT | (keyof Events & string);

/** The fields that `track()` takes with an event. All of them may be left out. */
export type EventFields<Events, Name> = Name extends keyof Events
  ? Inputs<FieldsDeclaredIn<Events[Name]>>
  : { readonly [field: string]: never };

/** The names that `time()` takes: of events with `timed: true`, or a field it can fill. */
export type TimedEventName<Events> = {
  [Name in keyof Events & string]: Events[Name] extends { readonly timed: true }
    ? Name
    : keyof FieldsDeclaredIn<Events[Name]> & keyof TimedFields extends never
      ? never
      : Name;
}[keyof Events & string];

/** Declares what a field of an event may hold, where a list of words does not say it. */
export const field = {
  /**
   * A field that is true or false.
   *
   * @example
   * defineEvents({ build: { description: 'A build was finished.', fields: { cached: field.boolean() } } });
   */
  boolean: (): BooleanField => ({ kind: 'boolean' }),

  /**
   * A number of which only its range is sent. Below the first bound, from each bound up to below
   * the next, and from the last bound on.
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
   * The version of something: `major.minor.patch`, with a prerelease only if it is a well-known one
   * (alpha, beta, canary, dev, experimental, next, nightly, pre, preview, rc, snapshot) and at most
   * one number. A leading `v` and build metadata are cut off; anything else is not sent.
   *
   * @example
   * headcount.track('build', { viteVersion: '6.0.0-beta.4' });
   */
  semver: (): SemverField => ({ kind: 'semver' }),

  /**
   * A whole number from 0. One above `max` is sent as `max`, so that a rare size identifies nobody.
   *
   * @param limits - `max`: 1–1 000 000
   * @example
   * field.count({ max: 50 });
   */
  count: ({ max }: { readonly max: number }): CountField => ({ kind: 'count', max }),
} as const;
