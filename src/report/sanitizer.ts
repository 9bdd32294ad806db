import type { SanitizeLabel } from './personal-patterns.js';

/** How many texts were replaced, by the kind of personal data found. An absent kind means 0. */
export type SanitizeCounts = Partial<Record<SanitizeLabel, number>>;

/** Cleans the texts of reports and counts the personal data it finds. */
export interface Sanitizer {
  /** The text, or a marker such as `<path>` for the whole text if any of it is personal. */
  readonly clean: (text: string) => string;
  /** As `clean`, but also finds the names of this machine and its user. For texts of the app. */
  readonly cleanOwn: (text: string) => string;
  readonly counts: SanitizeCounts;
}

/** Finds personal data in a text. */
export interface PersonalFinder {
  /** Finds data that is personal for any user. */
  find(text: string): SanitizeLabel | undefined;
  /** Finds a name of this machine or its user. */
  findOwnName(text: string): SanitizeLabel | undefined;
}

/** Results are cached, because an app reports the same few words again and again. */
const MAX_REMEMBERED = 1_000;
/** A text of at most this length is too short for personal data. */
const MAX_HARMLESS_CHARACTERS = 8;

/**
 * Whether a text is too short to be personal: at most 8 letters and digits, or a version of two or
 * three numbers. All facts of most reports are, so that the slow patterns need not be loaded.
 */
export function isHarmless(text: string): boolean {
  let dots = 0;
  let others = 0;
  let digits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) {
      digits += 1;
      if (digits > 5 && text.length > MAX_HARMLESS_CHARACTERS) return false;
    } else if (code === 0x2e) {
      if (digits === 0 || digits > 5) return false;
      dots += 1;
      digits = 0;
    } else if ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) {
      others += 1;
    } else {
      return false;
    }
  }
  if (dots === 0) return text.length <= MAX_HARMLESS_CHARACTERS;
  // Longer, it could be the number of a phone or a network card.
  return others === 0 && dots <= 2 && digits >= 1 && digits <= 5 && text.length <= 11;
}

/**
 * See {@link Sanitizer}.
 *
 * @param finder - called for the first text that could be personal. `undefined` if the finder
 * cannot be loaded: then every such text is replaced, so that no unchecked text is sent
 */
export function createSanitizer(finder: () => PersonalFinder | undefined): Sanitizer {
  const counts: SanitizeCounts = {};
  const replace = (text: string, found: SanitizeLabel | undefined): string => {
    if (found === undefined) return text;
    counts[found] = (counts[found] ?? 0) + 1;
    return `<${found}>`;
  };
  const find = remembered((text) =>
    isHarmless(text) ? undefined : lookFor(finder(), (by) => by.find(text)),
  );
  const findOwn = remembered(
    (text) => find(text) ?? lookFor(finder(), (by) => by.findOwnName(text)),
  );
  return {
    counts,
    clean: (text) => replace(text, find(text)),
    cleanOwn: (text) => replace(text, findOwn(text)),
  };
}

const lookFor = (
  finder: PersonalFinder | undefined,
  look: (finder: PersonalFinder) => SanitizeLabel | undefined,
): SanitizeLabel | undefined => (finder ? look(finder) : 'secret');

type Find = (text: string) => SanitizeLabel | undefined;

function remembered(find: Find): Find {
  const known = new Map<string, SanitizeLabel | undefined>();
  return (text) => {
    if (!known.has(text)) {
      if (known.size >= MAX_REMEMBERED) known.clear();
      known.set(text, find(text));
    }
    return known.get(text);
  };
}
