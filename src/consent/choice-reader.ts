import { ownOnly } from '../own-only.js';
import { isThenable } from '../type-guards.js';
import type { Platform } from '../platform/platform.js';
import type { Choice } from './decide.js';

/** Parses a stored choice. Any other text counts as an unreadable choice. */
export function parseChoice(text: unknown, source: string): Choice | undefined {
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

/** Reads the user's choice about telemetry, for this project or for all projects. */
export interface ChoiceReader {
  /** The choice, as read at most a second ago. */
  current(): Choice | undefined;
  /** Resolves when a custom storage has answered. `undefined` if nothing is pending. */
  pending(): Promise<void> | undefined;
  /** Makes a choice apply to this process, before or after it was saved. */
  apply(choice: Choice, isSaved: boolean): void;
}

/** How soon a long-running program notices that its user has changed the choice. */
const READ_AGAIN_AFTER_MS = 1_000;

/** See {@link ChoiceReader}. The first place that holds a choice decides. */
export function createChoiceReader(
  places: readonly ChoiceSource[],
  platform: Pick<Platform, 'elapsed'>,
): ChoiceReader {
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
    apply(choice, isSaved) {
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
