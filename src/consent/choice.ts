import { ownOnly } from '../own-only.js';
import { isThenable } from '../type-guards.js';
import type { Files, Platform } from '../platform/platform.js';
import type { Choice } from './decide.js';

/** Parses a stored choice. Any other text counts as an unreadable choice. */
export function parseChoice(text: unknown, source: string): Choice | undefined {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') return unreadable(source);
  try {
    const json = JSON.parse(text) as { telemetry?: unknown; events?: unknown } | null;
    const { telemetry, events } = ownOnly(json ?? {});
    const level = telemetry === 'basic' ? telemetry : undefined;
    const word = level ? 'on' : telemetry;
    if (word === 'on' || word === 'off') {
      return { telemetry: word, source, level, ...(typeof events === 'string' && { events }) };
    }
  } catch {
    return unreadable(source); // half-written, or from another program
  }
  return unreadable(source);
}

/** Stands for a choice that is stored but cannot be read. */
const unreadable = (source: string): Choice => ({ telemetry: 'unreadable', source });

/** A place that a choice can be read from. */
export interface ChoiceSource {
  /** The place, in words for the user. */
  readonly source: string;
  get(): unknown;
}

/** A place that can store a choice: a file, or a key in the app's custom storage. */
export interface ChoicePlace extends ChoiceSource {
  set(text: string): unknown;
}

/** What reading and writing a file with a choice takes. */
interface ChoiceFiles {
  readonly files: Pick<Files, 'stat' | 'read' | 'replace'>;
  readonly readHeld?: Platform['readHeld'];
}

/**
 * A file with a choice. That of another user counts only if it is a no: a person may have said no
 * who runs a program as another user, and nobody can say yes for others. Theirs of the level basic
 * is a no to the rest, and counts as a no.
 */
export const choiceFile = (file: string, { files, readHeld }: ChoiceFiles): ChoicePlace => ({
  source: file,
  get() {
    // `stat` first: most users have made no choice, and a failed open takes longer.
    const found = files.stat(file);
    if (!found) return undefined;
    try {
      const text = files.read(file, found.uid);
      return found.isForeign ? noOf(text, file) : text;
    } catch (error) {
      if (readHeld) return readHeld(file, error);
      throw error;
    }
  },
  set: (text) => files.replace(file, `${text}\n`),
});

/** What counts of the choice of another user. */
export function noOf(text: string | undefined, source: string): string | undefined {
  const choice = parseChoice(text, source);
  if (choice?.level) return '{"telemetry":"off"}';
  return choice?.telemetry === 'on' ? undefined : text;
}

/** The result of saving a choice. */
export type ChoiceResult =
  | { readonly ok: true; readonly source: string }
  /** The choice applies to this process, but the next one will not know it. */
  | { readonly ok: false; readonly source: string; readonly error: string };

/** The user's choice about telemetry, for this project or for all projects. */
export interface Preference {
  /** The choice, as read at most a second ago. */
  current(): Choice | undefined;
  /** Resolves when a custom storage has answered. `undefined` if nothing is pending. */
  pending(): Promise<void> | undefined;
  /** Sets the choice of this process. One that is not saved precedes those that are. */
  chose(choice: Choice, isSaved: boolean): void;
}

/** How soon a long-running program notices that its user has changed the choice. */
const READ_AGAIN_AFTER_MS = 1_000;

/** See {@link Preference}. The first place that holds a choice decides. */
export function readPreference(
  places: readonly ChoiceSource[],
  platform: Pick<Platform, 'elapsed'>,
): Preference {
  let known: Choice | undefined;
  let readAtMs = -Infinity;
  let pending: Promise<void> | undefined;
  let hasAnswered = false;
  /** A choice of this process that is not saved, or not yet. */
  let unsaved: Choice | undefined;

  function read(): void {
    readAtMs = platform.elapsed();
    const found = firstChoice(places);
    if (!(found instanceof Promise)) return void (known = found);
    pending ??= found.then((choice) => {
      known = choice;
      hasAnswered = true;
      pending = undefined;
    });
  }

  return {
    current() {
      if (platform.elapsed() - readAtMs >= READ_AGAIN_AFTER_MS) read();
      return unsaved ?? known;
    },
    pending: () => (hasAnswered ? undefined : pending),
    chose(choice, isSaved) {
      unsaved = isSaved ? undefined : choice;
      if (!isSaved) return;
      known = choice;
      readAtMs = platform.elapsed();
    },
  };
}

/** The first choice that is stored in one of these places. */
export function firstChoice(
  places: readonly ChoiceSource[],
  at = 0,
): Choice | undefined | Promise<Choice | undefined> {
  const place = places[at];
  if (!place) return undefined;
  const read = (text: unknown) => parseChoice(text, place.source) ?? firstChoice(places, at + 1);
  const failed = (): Choice => unreadable(place.source);
  try {
    const text = place.get();
    if (!isThenable(text)) return read(text);
    return Promise.resolve(text).then(read).catch(failed);
  } catch {
    return failed();
  }
}

/** What a user can choose: `basic` is on, and lets only `startup` and `alive` be reported. */
export type ChosenTelemetry = 'on' | 'basic' | 'off';

/** Where a choice is saved, and who learns of it. */
export interface SaveParts {
  /** The first one that can be written gets the choice. */
  readonly places: readonly ChoiceSource[];
  readonly preference: Preference;
  readonly platform: Pick<Platform, 'now'>;
}

/**
 * Saves a choice. Never rejects. A release that does not know `basic` cannot read that choice, and
 * reports nothing.
 *
 * @param events - the hash of the events that are declared now
 */
export async function saveChoice(
  telemetry: ChosenTelemetry,
  events: string,
  { places, preference, platform }: SaveParts,
): Promise<ChoiceResult> {
  const place = places.find(isPlace);
  const source = place?.source ?? 'memory';
  const choice: Choice =
    telemetry === 'basic'
      ? { telemetry: 'on', level: telemetry, source, events }
      : { telemetry, source, events };
  preference.chose(choice, false);
  try {
    if (!place) throw new Error('there is no home folder to keep it in');
    await place.set(
      JSON.stringify({ telemetry, at: new Date(platform.now()).toISOString(), events }),
    );
    // Reads the choice back: only a choice that the next run will find counts as saved.
    const kept = parseChoice(await place.get(), source);
    if (kept?.telemetry !== choice.telemetry || kept.level !== choice.level) {
      throw new Error('what was written was not there when it was read back');
    }
    preference.chose(choice, true);
    return { ok: true, source };
  } catch (error) {
    return { ok: false, source, error: error instanceof Error ? error.message : 'unknown' };
  }
}

const isPlace = (source: ChoiceSource): source is ChoicePlace => 'set' in source;

/** A {@link Preference} that saves a choice in the first of its places. */
export interface SavingPreference extends Preference {
  /** See {@link saveChoice}. */
  save(telemetry: ChosenTelemetry, events: string): Promise<ChoiceResult>;
}

/** See {@link SavingPreference}. The first place that holds a choice decides. */
export function createPreference(
  places: readonly ChoiceSource[],
  platform: Pick<Platform, 'elapsed' | 'now'>,
): SavingPreference {
  const preference = readPreference(places, platform);
  const parts = { places, preference, platform };
  return { ...preference, save: (...choice) => saveChoice(...choice, parts) };
}
