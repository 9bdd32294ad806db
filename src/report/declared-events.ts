import type { BucketField, EnumField, Field } from '../wire/manifest.js';
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
