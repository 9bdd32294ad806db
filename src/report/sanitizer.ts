import type { SanitizeLabel } from './personal-patterns.js';
import { findPersonal } from './sanitize.js';

/** How many texts were replaced, by what was found in them. Absent is none. */
export type SanitizeCounts = Partial<Record<SanitizeLabel, number>>;

/** Cleans what goes out, and counts what it found. */
export interface Sanitizer {
  /** The text, or where anything personal is in it, a marker such as `<path>` instead of all of it. */
  readonly clean: (text: string) => string;
  readonly counts: SanitizeCounts;
}

/** The same few words are cleaned again and again. */
const MAX_REMEMBERED = 1_000;

/** See {@link Sanitizer}. */
export function createSanitizer(): Sanitizer {
  const counts: SanitizeCounts = {};
  const known = new Map<string, SanitizeLabel | undefined>();
  return {
    counts,
    clean(text) {
      if (!known.has(text)) {
        if (known.size >= MAX_REMEMBERED) known.clear();
        known.set(text, findPersonal(text));
      }
      const found = known.get(text);
      if (found === undefined) return text;
      counts[found] = (counts[found] ?? 0) + 1;
      return `<${found}>`;
    },
  };
}
