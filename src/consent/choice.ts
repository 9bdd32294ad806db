import { ownOnly } from '../own-only.js';
import { isThenable } from '../type-guards.js';
import type { Platform } from '../platform/platform.js';
import type { Choice } from './decide.js';

/** The stored form of a choice: the choice, its time, and the hash of the events. */
const formatChoice = (telemetry: 'on' | 'off', nowMs: number, events: string): string =>
  JSON.stringify({ telemetry, at: new Date(nowMs).toISOString(), events });

/** Parses a stored choice. Any other text counts as an unreadable choice. */
function parseChoice(text: unknown, source: string): Choice | undefined {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') return unreadable(source);
  try {
    const json = JSON.parse(text) as { telemetry?: unknown; events?: unknown } | null;
    const { telemetry, events } = ownOnly(json ?? {});
    if (telemetry === 'on' || telemetry === 'off') {
      return { telemetry, source, ...(typeof events === 'string' && { events }) };
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
  /** Saves a choice in the first place. Never rejects. */
  save(telemetry: 'on' | 'off', events: string): Promise<ChoiceResult>;
}

/** How soon a long-running program notices that its user has changed the choice. */
const READ_AGAIN_AFTER_MS = 1_000;

/** See {@link Preference}. The first place that holds a choice decides. */
export function createPreference(
  places: readonly ChoicePlace[],
  platform: Pick<Platform, 'elapsed' | 'now'>,
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
    async save(telemetry, events) {
      const [place] = places;
      const source = place?.source ?? 'memory';
      unsaved = { telemetry, source, events };
      try {
        if (!place) throw new Error('there is no home folder to keep it in');
        await place.set(formatChoice(telemetry, platform.now(), events));
        // Reads the choice back: only a choice that the next run will find counts as saved.
        if (parseChoice(await place.get(), source)?.telemetry !== telemetry) {
          throw new Error('what was written was not there when it was read back');
        }
        known = unsaved;
        readAtMs = platform.elapsed();
        unsaved = undefined;
        return { ok: true, source };
      } catch (error) {
        return { ok: false, source, error: error instanceof Error ? error.message : 'unknown' };
      }
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
