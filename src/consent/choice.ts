import type { Platform } from '../platform/platform.js';
import {
  type ChoiceReader,
  type ChoiceSource,
  createChoiceReader,
  parseChoice,
} from './choice-reader.js';

/** The stored form of a choice: the choice, its time, and the hash of the events. */
const formatChoice = (telemetry: 'on' | 'off', nowMs: number, events: string): string =>
  JSON.stringify({ telemetry, at: new Date(nowMs).toISOString(), events });

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
export interface Preference extends Pick<ChoiceReader, 'current' | 'pending'> {
  /** Saves a choice in the first place. Never rejects. */
  save(telemetry: 'on' | 'off', events: string): Promise<ChoiceResult>;
}

/** See {@link Preference}. The first place that holds a choice decides. */
export function createPreference(
  places: readonly ChoicePlace[],
  platform: Pick<Platform, 'elapsed' | 'now'>,
  reader: ChoiceReader = createChoiceReader(places, platform),
): Preference {
  return {
    current: () => reader.current(),
    pending: () => reader.pending(),
    async save(telemetry, events) {
      const [place] = places;
      const source = place?.source ?? 'memory';
      const choice = { telemetry, source, events };
      reader.apply(choice, false);
      try {
        if (!place) throw new Error('there is no home folder to keep it in');
        await place.set(formatChoice(telemetry, platform.now(), events));
        // Reads the choice back: only a choice that the next run will find counts as saved.
        if (parseChoice(await place.get(), source)?.telemetry !== telemetry) {
          throw new Error('what was written was not there when it was read back');
        }
        reader.apply(choice, true);
        return { ok: true, source };
      } catch (error) {
        return { ok: false, source, error: error instanceof Error ? error.message : 'unknown' };
      }
    },
  };
}
