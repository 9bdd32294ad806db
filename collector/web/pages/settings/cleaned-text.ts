import type { Language } from '../../language/language.js';
import type { Cleaned } from '../../page/settings-content.js';

/** Who is taken out, in words: `new from 1 to 3 October, os = aix`. */
export function cleanedText(
  { from, to, isNew, where }: Cleaned,
  { texts, formats }: Language,
): string {
  const { cleaning } = texts.settings;
  const parts: string[] = [];
  if (from !== null && to !== null) {
    const days =
      from === to
        ? formats.longDay(from)
        : texts.range.span(formats.longDay(from), formats.longDay(to));
    parts.push(isNew ? cleaning.newOn(days) : days);
  }
  if (where !== null) {
    const { dimension, value } = where;
    parts.push(cleaning.valueIs(cleaning.dimensions[dimension] ?? dimension, value));
  }
  return parts.length === 0 ? cleaning.everything : parts.join(' · ');
}
