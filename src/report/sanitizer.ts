import type { OwnNames } from '../platform/platform.js';
import { findOwnName } from './own-names.js';
import type { SanitizeLabel } from './personal-patterns.js';
import { findPersonal } from './sanitize.js';

/** How many texts were replaced, by what was found in them. Absent is none. */
export type SanitizeCounts = Partial<Record<SanitizeLabel, number>>;

/** Cleans what goes out, and counts what it found. */
export interface Sanitizer {
  /** The text, or where anything personal is in it, a marker such as `<path>` instead of all of it. */
  readonly clean: (text: string) => string;
  /** As `clean`, and without the names of this machine and its user: for what an app made. */
  readonly cleanOwn: (text: string) => string;
  readonly counts: SanitizeCounts;
}

/** The same few words are cleaned again and again. */
const MAX_REMEMBERED = 1_000;

/**
 * See {@link Sanitizer}.
 *
 * @param ownNames - asked for with the first text that they could be in
 */
export function createSanitizer(ownNames: () => OwnNames): Sanitizer {
  const counts: SanitizeCounts = {};
  let names: OwnNames | undefined;
  const replace = (text: string, found: SanitizeLabel | undefined): string => {
    if (found === undefined) return text;
    counts[found] = (counts[found] ?? 0) + 1;
    return `<${found}>`;
  };
  const find = remembered(findPersonal);
  const findOwn = remembered((text) => find(text) ?? findOwnName(text, (names ??= ownNames())));
  return {
    counts,
    clean: (text) => replace(text, find(text)),
    cleanOwn: (text) => replace(text, findOwn(text)),
  };
}

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
