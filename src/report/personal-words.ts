import type { ManifestEvents } from '../wire/manifest.js';
import type { SanitizeLabel } from './personal-patterns.js';

/** A declared word that reports may not contain. */
export interface PersonalWord {
  /** Where it is declared, such as `events.build.fields.bundler`. */
  readonly at: string;
  readonly label: SanitizeLabel;
}

/** So that a huge declaration does not block the thread. */
const MAX_WORDS = 5_000;

/**
 * The declared names and words in which personal data is found: a report would contain a marker
 * instead of the word, or lack the event or field.
 */
export function personalWords(
  events: ManifestEvents,
  find: (text: string) => SanitizeLabel | undefined,
): PersonalWord[] {
  const found: PersonalWord[] = [];
  let left = MAX_WORDS;
  const check = (at: string, word: string): void => {
    const label = left > 0 ? find(word) : undefined;
    left -= 1;
    if (label !== undefined) found.push({ at, label });
  };
  for (const [event, { fields }] of Object.entries(events)) {
    check(`events.${event}`, event);
    for (const [name, field] of Object.entries(fields)) {
      const at = `events.${event}.fields.${name}`;
      check(at, name);
      if (field.kind === 'enum') for (const word of field.values) check(at, word);
    }
  }
  return found;
}
