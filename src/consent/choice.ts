import { isThenable } from '../type-guards.js';
import type { Platform } from '../platform/platform.js';
import type { Choice } from './decide.js';

/** A choice as it is kept: what was chosen, when, and of which events. */
const formatChoice = (telemetry: 'on' | 'off', nowMs: number, events: string): string =>
  JSON.stringify({ telemetry, at: new Date(nowMs).toISOString(), events });

/** Reads a choice. Anything but a choice counts as one that cannot be read. */
function parseChoice(text: unknown, source: string): Choice | undefined {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') return unreadable(source);
  try {
    const json = JSON.parse(text) as { telemetry?: unknown; events?: unknown } | null;
    const { telemetry, events } = json ?? {};
    if (telemetry === 'on' || telemetry === 'off') {
      return { telemetry, source, ...(typeof events === 'string' && { events }) };
    }
  } catch {
    return unreadable(source); // half-written, or something else's
  }
  return unreadable(source);
}

/** What counts as a choice where one is kept and nobody can tell which. */
const unreadable = (source: string): Choice => ({ telemetry: 'unreadable', source });

/** A place where a choice may be read. */
export interface ChoiceSource {
  /** Where that is, for people. */
  readonly source: string;
  get(): unknown;
}

/** A place where a choice may be kept: a file, or a key in the app's own storage. */
export interface ChoicePlace extends ChoiceSource {
  set(text: string): unknown;
}

/** What became of a choice that was to be saved. */
export type ChoiceResult =
  | { readonly ok: true; readonly source: string }
  /** It holds in this process, and the next one will not know of it. */
  | { readonly ok: false; readonly source: string; readonly error: string };

/** What the user has said about telemetry, for this project or for all. */
export interface Preference {
  /** The choice as it was at most a second ago. */
  current(): Choice | undefined;
  /** While a storage of the app's own has not answered yet: when it has. */
  pending(): Promise<void> | undefined;
  /** Keeps a choice, in the first of the places. Never rejects. */
  save(telemetry: 'on' | 'off', events: string): Promise<ChoiceResult>;
}

/** A long-running program learns so soon that its user has changed their mind. */
const READ_AGAIN_AFTER_MS = 1_000;

/** See {@link Preference}. The first of the places that holds a choice decides. */
export function createPreference(
  places: readonly ChoicePlace[],
  platform: Pick<Platform, 'elapsed' | 'now'>,
): Preference {
  let known: Choice | undefined;
  let readAtMs = -Infinity;
  let pending: Promise<void> | undefined;
  let hasAnswered = false;
  /** What was said in this process and could not be kept. */
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
        // Read back, not believed: only what the next run will find there counts as saved.
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

/** The first choice that is kept in one of these places. */
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
